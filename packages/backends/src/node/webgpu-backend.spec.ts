import { afterEach, describe, expect, it, vi } from 'vitest';
import type { GpuObject } from '../webgpu/gpu-object.js';
import { nodeGpu, webgpuBackend } from './webgpu-backend.js';

const failing = (message: string, code?: string) => () => Promise.reject(Object.assign(new Error(message), { code }));

afterEach(() => vi.unstubAllGlobals());

describe('WebGPU in Node.js', () => {
  it('says that the package is not installed', async () => {
    expect(await webgpuBackend().probe()).toEqual({
      available: false,
      reason: 'The package webgpu is not installed',
      remedy: 'On a machine with a GPU: npm install webgpu@0.6.2 @tensorflow/tfjs-backend-webgpu@4.22.0',
    });
  });

  it('says why the package cannot be loaded', async () => {
    expect(await nodeGpu(failing('libX11.so.6: cannot open shared object file', 'ERR_DLOPEN_FAILED'))).toEqual({
      reason: 'The package webgpu cannot be loaded: libX11.so.6: cannot open shared object file',
      remedy: 'Install it afresh: npm install webgpu@0.6.2',
    });
  });

  it('takes what the host has', async () => {
    const gpu: GpuObject = { requestAdapter: async () => null };
    vi.stubGlobal('navigator', { gpu });
    expect(await nodeGpu(failing('not asked'))).toMatchObject({ gpu });
  });

  it('makes WebGPU once, and a browser of Node where it is used', async () => {
    vi.stubGlobal('navigator', undefined);
    vi.stubGlobal('GPUBufferUsage', undefined);
    const gpu: GpuObject = { requestAdapter: async () => null };
    const create = vi.fn<() => GpuObject>(() => gpu);
    const load = async () => ({ create, globals: { GPUBufferUsage: { MAP_READ: 1 } } });
    const [first, second] = [await nodeGpu(load), await nodeGpu(load)];
    expect(create).toHaveBeenCalledTimes(1);
    expect(globalThis.navigator).toBe(undefined);
    if (!('install' in first && 'install' in second)) throw new Error('there is no WebGPU');
    first.install();
    second.install();
    const { navigator, GPUBufferUsage } = globalThis as unknown as Record<string, { gpu?: object; MAP_READ?: number }>;
    expect([navigator!.gpu, GPUBufferUsage!.MAP_READ]).toEqual([gpu, 1]);
    expect((await nodeGpu(failing('not asked'))) as object).toMatchObject({ gpu });
  });
});
