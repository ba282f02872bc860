import * as tf from '@tensorflow/tfjs-core';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { backendPlugins, doctor, useBackend } from './use-backend.js';

// A library that is not there, so that the answers are the same on a machine with a driver.
vi.stubEnv('GRADSTREAM_CUDA_LIBRARY', '/nowhere/libcuda.so.1');
afterEach(() => vi.stubEnv('GRADSTREAM_BACKEND', ''));

describe('useBackend in Node.js', () => {
  it('tries cuda first, says in one line why not, and goes on', async () => {
    expect(backendPlugins().map(({ name }) => name)).toEqual(['cuda', 'wasm-simd', 'wasm', 'cpu']);
    const { name, rejected } = await useBackend();
    expect([name, tf.getBackend()]).toEqual(['wasm-simd', 'wasm-simd']);
    expect(rejected[0]).toEqual({
      name: 'cuda',
      reason: expect.stringMatching(/^No CUDA driver: .*nowhere\/libcuda\.so\.1.*$/),
      remedy: 'Check the path of the library.',
    });
  });

  it.each(['option', 'environment'])('goes no further where the %s names cuda', async (source) => {
    if (source === 'environment') vi.stubEnv('GRADSTREAM_BACKEND', 'cuda');
    await expect(source === 'option' ? useBackend('cuda') : useBackend()).rejects.toThrow(
      /GS_BACKEND_UNAVAILABLE.*"cuda"[\s\S]*No CUDA driver/,
    );
  });

  it('takes the one that is named, and plugins of one’s own', async () => {
    expect((await useBackend('cpu')).name).toBe('cpu');
    expect((await useBackend({ plugins: backendPlugins().slice(1, 2) })).name).toBe('wasm-simd');
  });
});

describe('doctor in Node.js', () => {
  it('reports on cuda too', async () => {
    const { backends } = await doctor();
    expect(backends.map(({ name, available }) => [name, available])).toEqual([
      ['cuda', false],
      ['wasm-simd', true],
      ['wasm', true],
      ['cpu', true],
    ]);
  });
});
