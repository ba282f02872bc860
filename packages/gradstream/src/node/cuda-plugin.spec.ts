import { doctor, type BackendPlugin } from '@gradstream/backends';
import { describe, expect, it } from 'vitest';
import { cudaPlugin } from './cuda-plugin.js';

const failing = (code: string, message: string): BackendPlugin =>
  cudaPlugin(() => Promise.reject(Object.assign(new Error(message), { code })));

describe('cudaPlugin', () => {
  it('says that the package is not installed, and what to do', async () => {
    const plugin = failing('ERR_MODULE_NOT_FOUND', "Cannot find package '@gradstream/backend-cuda' imported from x");
    expect(await plugin.probe()).toEqual({
      available: false,
      reason: 'The package @gradstream/backend-cuda is not installed',
      remedy: 'On a machine with an NVIDIA GPU: npm install @gradstream/backend-cuda',
    });
    expect((await doctor([plugin])).backends[0]).toMatchObject({ available: false, fallbackCalls: {} });
    await expect(plugin.start()).rejects.toThrow('Cannot find package');
  });

  it('says why the package cannot be loaded', async () => {
    const plugin = failing('MODULE_NOT_FOUND', 'Cannot find the native Koffi module; did you bundle it?\nmore');
    expect(await plugin.probe()).toMatchObject({
      reason:
        'The package @gradstream/backend-cuda cannot be loaded: Cannot find the native Koffi module; did you bundle it?',
      remedy: expect.stringContaining('optional dependencies'),
    });
  });

  it('asks the plugin of the package once it is loaded, which is once', async () => {
    let loads = 0;
    const inner: BackendPlugin = {
      name: 'cuda',
      probe: async () => ({ available: true, detail: 'a device' }),
      start: async () => undefined,
      fallbacks: () => ({ kernels: ['FFT'], calls: { FFT: 2 } }),
    };
    const plugin = cudaPlugin(async () => {
      loads++;
      return { cudaBackend: () => inner };
    });
    expect(plugin.fallbacks!()).toEqual({ kernels: [], calls: {} });
    expect(await plugin.probe()).toEqual({ available: true, detail: 'a device' });
    await plugin.start();
    expect(plugin.fallbacks!()).toEqual({ kernels: ['FFT'], calls: { FFT: 2 } });
    expect(loads).toBe(1);
  });
});
