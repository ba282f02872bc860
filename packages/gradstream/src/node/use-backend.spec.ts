import * as tf from '@tensorflow/tfjs-core';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { backendPlugins, doctor, useBackend } from './use-backend.js';

// A library that is not there, so that the answers are the same on a machine with a driver.
vi.stubEnv('GRADSTREAM_CUDA_LIBRARY', '/nowhere/libcuda.so.1');
afterEach(() => vi.stubEnv('GRADSTREAM_BACKEND', ''));

describe('useBackend in Node.js', () => {
  it('tries cuda first, says in one line why not, and goes on', async () => {
    expect(backendPlugins().map(({ name }) => name)).toEqual([
      'cuda',
      'tensorflow',
      'webgpu',
      'wasm-simd',
      'wasm',
      'cpu',
    ]);
    const { name, rejected } = await useBackend();
    expect([name, tf.getBackend()]).toEqual(['wasm-simd', 'wasm-simd']);
    expect(rejected[0]).toEqual({
      name: 'cuda',
      reason: expect.stringMatching(/^No CUDA driver: .*nowhere\/libcuda\.so\.1.*$/),
      remedy: 'Check the path of the library.',
    });
    expect(rejected.slice(1, 3)).toEqual([
      {
        name: 'tensorflow',
        reason: 'Neither @tensorflow/tfjs-node-gpu nor @tensorflow/tfjs-node is installed',
        remedy: expect.stringContaining('npm install @tensorflow/tfjs-node-gpu@4.22.0'),
      },
      {
        name: 'webgpu',
        reason: 'The package webgpu is not installed',
        remedy: expect.stringContaining('npm install webgpu@0.6.2'),
      },
    ]);
  });

  it.each(['option', 'environment'])('goes no further where the %s names cuda', async (source) => {
    if (source === 'environment') vi.stubEnv('GRADSTREAM_BACKEND', 'cuda');
    await expect(source === 'option' ? useBackend('cuda') : useBackend()).rejects.toThrow(
      /GS_BACKEND_UNAVAILABLE.*"cuda"[\s\S]*No CUDA driver/,
    );
  });

  it('takes the one that is named, and plugins of one’s own', async () => {
    expect((await useBackend('cpu')).name).toBe('cpu');
    expect((await useBackend({ plugins: backendPlugins().slice(3, 4) })).name).toBe('wasm-simd');
  });
});

describe('doctor in Node.js', () => {
  it('reports on cuda too', async () => {
    const { backends } = await doctor();
    expect(backends.map(({ name, available }) => [name, available])).toEqual([
      ['cuda', false],
      ['tensorflow', false],
      ['webgpu', false],
      ['wasm-simd', true],
      ['wasm', true],
      ['cpu', true],
    ]);
  });
});
