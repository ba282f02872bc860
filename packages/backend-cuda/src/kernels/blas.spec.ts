import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  expectSameAsCpu,
  loadCublasLookAlike,
  noEmulator,
  numbers,
  onEmulator,
  startOnEmulator,
  type CublasLookAlike,
  type Emulator,
} from '../../testing/emulator.js';
import { captureStep } from '../capture/capture-step.js';
import { CUDA, cudaBackend } from '../cuda.js';
import type { CudaBackend } from '../cuda-backend.js';

const GEMM = 'cublasSgemmStridedBatched';
/** The side of a product that is large enough for cuBLAS. */
const SIDE = 104;

describe.skipIf(noEmulator !== undefined)(`products by a look-alike of cuBLAS, ${onEmulator}`, () => {
  let emulator: Emulator;
  let cublas: CublasLookAlike;
  let backend: CudaBackend;
  beforeAll(async () => void (cublas = await loadCublasLookAlike()), 600_000);
  beforeEach(async () => void ({ backend, emulator } = await startOnEmulator({ cublas: cublas.library })));
  afterEach(() => {
    cublas.mend();
    vi.unstubAllEnvs();
    if (tf.findBackendFactory(CUDA) !== null) tf.removeBackend(CUDA);
    expect(cublas.handles()).toBe(0);
    expect(emulator.blocks()).toBe(0);
  });

  /** How many products cuBLAS made meanwhile. */
  const products = async (run: () => unknown): Promise<number> => {
    const before = cublas.called(GEMM);
    await run();
    return cublas.called(GEMM) - before;
  };
  const large = (): tf.Tensor => tf.matMul(numbers([SIDE, SIDE]), numbers([SIDE, SIDE], 2));

  it.each<[string, () => tf.Tensor, number]>([
    ['a large one', large, 1],
    ['one that is not square', () => tf.matMul(numbers([70, 210]), numbers([210, 90], 2)), 1],
    ['one transposed on both sides', () => tf.matMul(numbers([210, 70]), numbers([90, 210], 2), true, true), 1],
    ['one of batches', () => tf.matMul(numbers([4, 60, 80]), numbers([4, 80, 60], 2)), 1],
    ['one with a matrix for all', () => tf.matMul(numbers([1, 80, 60]), numbers([4, 80, 60], 2), true), 1],
    ['a small one', () => tf.matMul(numbers([20, 30]), numbers([30, 40], 2)), 0],
  ])('%s is what tfjs-backend-cpu gives', async (_, run, count) => {
    // A sum of 200 products has an error of its own.
    expect(await products(() => expectSameAsCpu(run, 1e-5))).toBe(count);
  });

  it('spread both sides: one product for each pair', async () => {
    // tfjs-backend-cpu does not.
    const [a, b] = [numbers([2, 1, 90, 120]), numbers([2, 120, 100], 2)];
    let spread!: tf.Tensor;
    expect(await products(() => void (spread = tf.matMul(a, b)))).toBe(4);
    const tiled = tf.tidy(() => tf.matMul(tf.tile(a, [1, 2, 1, 1]), tf.tile(tf.expandDims(b, 0), [2, 1, 1, 1])));
    expect([spread.shape, spread.dataSync()]).toEqual([[2, 2, 90, 100], tiled.dataSync()]);
    tf.dispose([a, b, tiled, spread]);
  });

  it('gets its bias and its activation afterwards', async () => {
    const dense = (): tf.Tensor =>
      tf.fused.matMul({
        a: numbers([SIDE, SIDE]) as tf.Tensor2D,
        b: numbers([SIDE, SIDE], 2) as tf.Tensor2D,
        bias: numbers([SIDE], 3),
        activation: 'relu',
      });
    expect(await products(() => expectSameAsCpu(dense, 1e-5))).toBe(1);
  });

  it('are of rounded numbers where TF32 is allowed, and of whole ones again', async () => {
    const off = (): number =>
      tf.tidy(() => {
        // 1 + 2^-12 is 1 in TF32.
        const x = tf.fill([SIDE, SIDE], 1 + 2 ** -12);
        return tf.matMul(x, tf.ones([SIDE, SIDE])).dataSync()[5]! - SIDE;
      });
    expect(off()).toBeCloseTo(SIDE * 2 ** -12, 5);
    expect(backend.useCublas({ library: cublas.library, tf32: true })).toBe(true);
    expect(off()).toBe(0);
    backend.useCublas({ library: cublas.library });
    expect(off()).toBeCloseTo(SIDE * 2 ** -12, 5);
    expect(cublas.handles()).toBe(1);
  });

  it('are recorded with a step, and one that is not started yet is not started by a recording', async () => {
    const x = numbers([SIDE, SIDE]);
    const step = (): tf.Tensor => tf.sum(tf.square(tf.matMul(x, x)));
    const wanted = tf.tidy(() => step().dataSync()[0]!);
    const captured = captureStep(step);
    expect([captured.isCaptured, captured.reason]).toEqual([true, undefined]);
    const launched = cublas.called(GEMM);
    captured.run();
    expect([captured.results.dataSync()[0], cublas.called(GEMM)]).toEqual([wanted, launched]);
    captured.dispose();
    tf.dispose(x);
  });

  it.each(['cublasCreate_v2', 'cublasSetStream_v2', 'cublasSetWorkspace_v2', 'cublasSetMathMode'])(
    'are own ones where %s fails',
    async (call) => {
      cublas.fail(call, 0, 3);
      expect(await products(() => expectSameAsCpu(large, 1e-5))).toBe(0);
      expect(cublas.handles()).toBe(call === 'cublasSetMathMode' ? 1 : 0);
      // And can be cuBLAS's afterwards, where it is asked for again.
      expect(await products(() => expectSameAsCpu(large, 1e-5))).toBe(0);
    },
  );

  it('are own ones where the device has no memory for its workspace', async () => {
    ({ backend } = await startOnEmulator({ cublas: cublas.library, memoryLimit: 2 ** 22 }));
    expect(await products(() => expectSameAsCpu(large, 1e-5))).toBe(0);
  });

  it('are own ones, each by itself, where a product fails', async () => {
    await expectSameAsCpu(large, 1e-5);
    cublas.fail(GEMM, 0, 13);
    expect(await products(() => expectSameAsCpu(large, 1e-5))).toBe(1);
    expect(await products(() => expectSameAsCpu(large, 1e-5))).toBe(1);
  });

  it('are own ones where that is asked for', async () => {
    ({ backend } = await startOnEmulator({ cublas: false }));
    expect(await products(() => expectSameAsCpu(large, 1e-5))).toBe(0);
  });

  it('a library that is named and not there is an error at the start, from an option or from the environment', async () => {
    tf.removeBackend(CUDA);
    const { library } = emulator;
    await expect(cudaBackend({ library, cublas: '/nowhere/libcublas.so.13' }).start()).rejects.toThrow(
      /GS_BACKEND_START[\s\S]*cuBLAS[\s\S]*\/nowhere\/libcublas/,
    );
    vi.stubEnv('GRADSTREAM_CUBLAS', '/nowhere');
    await expect(cudaBackend({ library }).start()).rejects.toThrow(/GS_BACKEND_START[\s\S]*GRADSTREAM_CUBLAS/);
    vi.stubEnv('GRADSTREAM_CUBLAS', cublas.library);
    await cudaBackend({ library }).start();
    expect(await products(() => tf.tidy(() => large().dataSync()))).toBe(1);
  });
});
