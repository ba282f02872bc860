import * as tf from '@tensorflow/tfjs-core';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { cpuBackend } from '../cpu/cpu-backend.js';
import { useBackend } from '../use-backend.js';
import { adapterName, type GpuAdapter, type GpuSource } from './gpu-object.js';
import { makeWebgpuBackend } from './make-backend.js';
import { webgpuBackend, webgpuPlugin } from './webgpu-backend.js';

/** An adapter whose device never comes. */
const adapter = (parts: Partial<GpuAdapter> = {}): GpuAdapter => ({
  info: { vendor: 'nvidia', architecture: 'hopper', description: 'NVIDIA H100' },
  features: new Set(),
  limits: {},
  requestDevice: () => Promise.reject(new Error('A device is wanted\nand more')),
  ...parts,
});
const source = (found: GpuAdapter | null, install = () => undefined as void): (() => Promise<GpuSource>) => {
  const gpu = { requestAdapter: async () => found };
  return async () => ({ gpu, install, noAdapter: 'Put one in' });
};
const software = { info: { vendor: 'google', architecture: 'swiftshader', isFallbackAdapter: true } };

afterEach(() => vi.unstubAllGlobals());

describe('webgpuBackend', () => {
  it('says that a host has no WebGPU', async () => {
    const [, remedy] = ['', expect.stringContaining('https')];
    expect(await webgpuBackend().probe()).toEqual({ available: false, reason: 'This host has no WebGPU', remedy });
    await expect(webgpuBackend().start()).rejects.toThrow(/GS_BACKEND_UNAVAILABLE[\s\S]*no WebGPU/);
  });

  it('finds that of a browser', async () => {
    vi.stubGlobal('navigator', { gpu: { requestAdapter: async () => adapter() } });
    expect(await webgpuBackend().probe()).toEqual({
      available: true,
      detail: 'tfjs-backend-webgpu 4.22.0, NVIDIA H100',
    });
  });

  it('says that there is no adapter, and that one only computes on the CPU', async () => {
    expect(await webgpuPlugin({}, source(null)).probe()).toEqual({
      available: false,
      reason: 'WebGPU finds no adapter',
      remedy: 'Put one in',
    });
    const install = vi.fn<() => void>();
    for (const one of [adapter(software), adapter({ info: {}, isFallbackAdapter: true })])
      expect(await webgpuPlugin({}, source(one, install)).probe()).toMatchObject({
        reason: expect.stringMatching(/^The only WebGPU adapter computes on the CPU: /),
        remedy: expect.stringContaining('software: true'),
      });
    expect(install).not.toHaveBeenCalled();
    expect(await webgpuPlugin({ software: true }, source(adapter(software), install)).probe()).toMatchObject({
      available: true,
      detail: expect.stringContaining('google swiftshader'),
    });
    expect(install).toHaveBeenCalled();
  });

  it('says why a device does not start, and the next backend is taken', async () => {
    vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const plugins = [webgpuPlugin({}, source(adapter())), cpuBackend()];
    const { name, rejected } = await useBackend({ plugins });
    expect(name).toBe('cpu');
    expect(rejected).toEqual([
      {
        name: 'webgpu',
        reason: 'The WebGPU device could not be started: A device is wanted',
        remedy: 'Update the graphics driver',
      },
    ]);
    await expect(useBackend({ backend: 'webgpu', plugins })).rejects.toThrow('GS_BACKEND_UNAVAILABLE');
    expect(tf.findBackendFactory('webgpu')).toBe(null);
    vi.restoreAllMocks();
  });

  it.each([
    [{ gpu: true }, 'GS_OPTION_UNKNOWN'],
    [{ software: 1 }, 'GS_OPTION'],
    [{ powerPreference: 'most' }, 'GS_OPTION_VALUE'],
    [null, 'GS_OPTION_TYPE'],
  ])('refuses %j with %s', (options, code) => {
    expect(() => webgpuBackend(options as never)).toThrow(code);
  });
});

describe('a device', () => {
  class Stock {
    readonly tensorMap = new Map<object, { values?: unknown; dtype: string }>();
    constructor(
      readonly device: { features: string[]; limits: Record<string, number> },
      readonly info: object,
    ) {}
    async read(): Promise<unknown> {
      return 'read';
    }
    readSync(dataId: object): unknown {
      return this.tensorMap.get(dataId)?.values ?? 'drawn';
    }
  }
  const start = async (lost: (why: string) => void = () => undefined, parts: Partial<GpuAdapter> = {}) => {
    const asked = adapter({
      features: new Set(['bgra8unorm-storage', 'shader-f16']),
      limits: { maxBufferSize: 7, maxTextureDimension2D: 8 },
      requestDevice: async ({ requiredFeatures, requiredLimits }) =>
        ({ features: requiredFeatures, limits: requiredLimits, lost: new Promise(() => undefined) }) as never,
      ...parts,
    });
    return (await makeWebgpuBackend({ WebGPUBackend: Stock as never }, asked, lost)) as unknown as Stock;
  };

  it('is asked for all that the adapter can', async () => {
    const { device } = await start();
    expect(device.features).toEqual(['bgra8unorm-storage']);
    expect(device.limits).toMatchObject({ maxBufferSize: 7 });
    expect(device.limits).not.toHaveProperty('maxTextureDimension2D');
  });

  it('gives what is on the host at once, and says how to read the rest', async () => {
    const backend = await start();
    const [here, there] = [{}, {}];
    backend.tensorMap.set(here, { values: [1], dtype: 'float32' }).set(there, { dtype: 'float32' });
    expect(backend.readSync(here)).toEqual([1]);
    expect(() => backend.readSync(there)).toThrow(/GS_BACKEND_SYNC_READ[\s\S]*await x\.data\(\)/);
    vi.stubGlobal('OffscreenCanvas', Object);
    expect(backend.readSync(there)).toBe('drawn');
  });

  it('gives no numbers after it refused an operation', async () => {
    let tell: (event: { error: Error }) => void = () => undefined;
    const backend = await start(undefined, {
      requestDevice: async () =>
        ({
          lost: new Promise(() => undefined),
          addEventListener: (_: string, to: typeof tell) => (tell = to),
        }) as never,
    });
    expect(await backend.read()).toBe('read');
    for (const message of ['a shader is wrong\nin line 1', 'so is what uses it']) tell({ error: new Error(message) });
    await expect(backend.read()).rejects.toThrow(/GS_BACKEND_KERNEL[\s\S]*received a shader is wrong\.\n/);
    expect(await backend.read()).toBe('read');
  });

  it('tells when it is lost', async () => {
    const lost = vi.fn<(why: string) => void>();
    await start(lost, {
      requestDevice: async () => ({ lost: Promise.resolve({ message: 'out of memory' }) }) as never,
    });
    expect(lost).toHaveBeenCalledWith('out of memory');
  });

  it('has a name', () => {
    expect(adapterName(adapter({ info: {} }))).toBe('an adapter without a name');
    expect(adapterName(adapter({ info: { vendor: 'intel', architecture: 'gen-12lp' } }))).toBe('intel gen-12lp');
  });
});
