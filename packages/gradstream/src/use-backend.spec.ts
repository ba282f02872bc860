import { cpuBackend } from '@gradstream/backends';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { backendPlugins, doctor, useBackend } from './use-backend.js';

describe('useBackend', () => {
  it('tries webgpu, wasm-simd, wasm and cpu in this order', async () => {
    expect(backendPlugins().map(({ name }) => name)).toEqual(['webgpu', 'wasm-simd', 'wasm', 'cpu']);
    const { name, rejected } = await useBackend();
    expect(name).toBe('wasm-simd');
    expect(tf.getBackend()).toBe('wasm-simd');
    expect(rejected.map((one) => one.name)).toEqual(['webgpu', 'wasm', 'cpu']);
    expect(rejected[0]!.reason).toBe('This host has no WebGPU');
  });

  it.each(['wasm', 'cpu', 'wasm-simd'])('takes the one that is named: %s', async (name) => {
    expect((await useBackend(name)).name).toBe(name);
    expect((await useBackend({ backend: name })).name).toBe(name);
  });

  it('takes plugins of one’s own in place of these', async () => {
    expect((await useBackend({ plugins: [cpuBackend()] })).name).toBe('cpu');
    await expect(useBackend({ backend: 'wasm', plugins: [cpuBackend()] })).rejects.toThrow(/GS_BACKEND_UNKNOWN/);
  });
});

describe('doctor', () => {
  it('reports on all of them', async () => {
    const { backends } = await doctor();
    expect(backends.map(({ name }) => name)).toEqual(['webgpu', 'wasm-simd', 'wasm', 'cpu']);
  });

  it('tells the binary and the threads of wasm-simd, its own kernels and what the cpu backend serves', async () => {
    const [, simd] = (await doctor()).backends;
    expect(simd).toMatchObject({ available: true, detail: expect.stringMatching(/^binary \S+, \d+ threads?/) });
    expect(simd!.fallbackKernels).toContain('FFT');
    expect(simd!.ownKernels).toEqual(expect.arrayContaining(['Cumsum', 'Einsum', 'GradstreamAdam', 'ScatterNd']));
    expect(simd!.ownKernels.filter((name) => simd!.fallbackKernels.includes(name))).toEqual([]);
    await useBackend('wasm-simd');
    tf.tidy(() => void tf.image.flipLeftRight(tf.ones([1, 2, 2, 3])));
    expect((await doctor()).backends[1]!.fallbackCalls).toEqual({ FlipLeftRight: 1 });
  });
});
