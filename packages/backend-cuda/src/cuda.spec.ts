import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { loadEmulator, noEmulator, onEmulator, type Emulator } from '../testing/emulator.js';
import { CUDA, cudaBackend } from './cuda.js';
import type { CudaBackend } from './cuda-backend.js';

describe('cudaBackend', () => {
  it.each<[unknown, string]>([
    [{ gpu: 1 }, 'GS_OPTION_UNKNOWN'],
    [{ device: -1 }, 'GS_OPTION_VALUE'],
    [{ device: 'first' }, 'GS_OPTION_VALUE'],
    [{ memoryLimit: Number.NaN }, 'GS_OPTION_VALUE'],
    [{ memoryLimit: 5 }, 'GS_OPTION_VALUE'],
    [{ cublas: 5 }, 'GS_OPTION_VALUE'],
    [{ cublas: ' ' }, 'GS_OPTION_VALUE'],
    [{ tf32: 'yes' }, 'GS_OPTION_VALUE'],
    [{ library: ' ' }, 'GS_OPTION_VALUE'],
    [{ library: 7 }, 'GS_OPTION_VALUE'],
    [null, 'GS_OPTION_TYPE'],
  ])('refuses %j with %s', (options, code) => {
    expect(() => cudaBackend(options as never)).toThrow(code);
  });

  it('says why it cannot start', async () => {
    const plugin = cudaBackend({ library: '/nowhere/libcuda.so.1' });
    expect(await plugin.probe()).toMatchObject({ available: false, reason: expect.stringContaining('/nowhere/') });
    await expect(plugin.start()).rejects.toThrow(/GS_BACKEND_START[\s\S]*Check the path/);
    expect(plugin.fallbacks()).toEqual({ kernels: [], calls: {} });
  });
});

describe.skipIf(noEmulator !== undefined)(`the plugin, ${onEmulator}`, () => {
  let emulator: Emulator;
  beforeAll(async () => void (emulator = await loadEmulator()), 600_000);
  afterEach(() => {
    emulator.mend();
    emulator.configure();
  });

  const sumOnDevice = async (): Promise<number> => {
    const sum = tf.tidy(() => tf.sum(tf.mul(tf.tensor1d([1, 2, 3]), 2)));
    const [value] = await sum.data();
    sum.dispose();
    return value!;
  };

  it('starts, computes, counts what tfjs-backend-cpu served, and starts again as it is', async () => {
    const plugin = cudaBackend({ library: emulator.library });
    expect(await plugin.probe()).toEqual({
      available: true,
      detail: 'CPU emulation 0, compute capability 9.0, 2.0 GiB, driver for CUDA 13.0',
    });
    expect(tf.findBackendFactory(CUDA)).toBe(null);
    await plugin.start();
    expect([tf.getBackend(), await sumOnDevice()]).toEqual([CUDA, 12]);
    tf.tidy(() => void tf.image.flipLeftRight(tf.ones([1, 2, 2, 3]) as tf.Tensor4D));
    expect(plugin.fallbacks().calls).toEqual({ FlipLeftRight: 1 });
    const backend = tf.backend();
    await plugin.start();
    expect(tf.backend()).toBe(backend);
  });

  it('refuses a device that is not there', async () => {
    tf.removeBackend(CUDA);
    const plugin = cudaBackend({ library: emulator.library, device: 3 });
    expect(await plugin.probe()).toMatchObject({ reason: 'There is no device 3 that can be used; there are 0' });
  });

  it('keeps to its limit of memory', async () => {
    await cudaBackend({ library: emulator.library, memoryLimit: 2 ** 20 }).start();
    expect(() => tf.tidy(() => tf.add(tf.ones([600, 600]), 1))).toThrow(/GS_BACKEND_MEMORY[\s\S]*limit is reached/);
    expect(await sumOnDevice()).toBe(12);
    tf.removeBackend(CUDA);
  });

  it('is made anew when the engine has been reset, in a context of its own, and gives everything back', async () => {
    await cudaBackend({ library: emulator.library }).start();
    const first = tf.backend() as CudaBackend;
    const x = tf.tensor1d([1, 2]);
    first.address(x);
    expect(emulator.blocks()).toBeGreaterThan(0);
    tf.removeBackend(CUDA);
    expect([emulator.blocks(), first.runtime.isDisposed]).toEqual([0, true]);
    expect(() => first.output([2], 'float32')).toThrow('GS_CUDA_DISPOSED');
    await cudaBackend({ library: emulator.library }).start();
    first.dispose();
    first.disposeData(x.dataId);
    expect(await sumOnDevice()).toBe(12);
    tf.engine().reset();
    await tf.setBackend(CUDA);
    expect(tf.backend()).not.toBe(first);
    expect(await sumOnDevice()).toBe(12);
    tf.removeBackend(CUDA);
  });

  it.each(['cuDevicePrimaryCtxRetain', 'cuCtxSetCurrent', 'cuStreamCreate'])(
    'does not start where %s fails, and starts the next time',
    async (call) => {
      const plugin = cudaBackend({ library: emulator.library });
      emulator.fail(call, 0, 46);
      await expect(plugin.start()).rejects.toThrow(/GS_CUDA_DRIVER[\s\S]*CUDA_ERROR_DEVICE_UNAVAILABLE/);
      emulator.mend();
      await plugin.start();
      expect(await sumOnDevice()).toBe(12);
      tf.removeBackend(CUDA);
      expect(emulator.blocks()).toBe(0);
    },
  );
});
