import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { loadCublasLtLookAlike, type CublasLtLookAlike } from '../../../testing/cublas-lt.js';
import {
  expectSameAsCpu,
  loadCublasLookAlike,
  noEmulator,
  numbers,
  onEmulator,
  startOnEmulator,
  type CublasLookAlike,
  type Emulator,
} from '../../../testing/emulator.js';
import { captureStep } from '../../capture/capture-step.js';
import { CUDA, cudaBackend } from '../../cuda.js';
import type { CudaBackend } from '../../cuda-backend.js';

const ASK = 'cublasLtMatmulAlgoGetHeuristic';
/** The products of the check that a start makes. */
const CHECK = 3;

/** A dense layer that is large enough for it, of odd sizes. */
interface Given {
  readonly sizes?: readonly [m: number, n: number, k: number];
  readonly transpose?: readonly [boolean, boolean];
  readonly bias?: boolean;
  readonly activation?: 'linear' | 'relu' | 'sigmoid' | 'softmax';
}

describe.skipIf(noEmulator !== undefined)(`finished products by a look-alike of cuBLASLt, ${onEmulator}`, () => {
  let emulator: Emulator;
  let lt: CublasLtLookAlike;
  let cublas: CublasLookAlike;
  let backend: CudaBackend;
  beforeAll(async () => {
    [lt, cublas] = [await loadCublasLtLookAlike(), await loadCublasLookAlike()];
  }, 600_000);
  beforeEach(async () => void ({ backend, emulator } = await startOnEmulator({ cublas: lt.cublas })));
  afterEach(() => {
    lt.mend();
    if (tf.findBackendFactory(CUDA) !== null) tf.removeBackend(CUDA);
    expect([lt.alive(), cublas.handles(), emulator.blocks()]).toEqual([0, 0, 0]);
  });

  const dense = ({ sizes = [101, 103, 105], transpose = [false, false], bias = true, activation = 'relu' }: Given) => {
    const [m, n, k] = sizes;
    const [transposeA, transposeB] = transpose;
    return tf.fused.matMul({
      a: numbers(transposeA ? [k, m] : [m, k]) as tf.Tensor2D,
      b: numbers(transposeB ? [n, k] : [k, n], 2) as tf.Tensor2D,
      ...(bias ? { bias: numbers([n], 3) } : {}),
      activation: activation as 'relu',
      transposeA,
      transposeB,
    });
  };
  /** How many products cuBLASLt and cuBLAS made meanwhile, without those of a check. */
  const products = async (run: () => unknown): Promise<readonly number[]> => {
    const made = (): number[] => [lt.called('cublasLtMatmul'), cublas.called('cublasSgemmStridedBatched')];
    const before = made();
    await run();
    return made().map((count, index) => count - before[index]!);
  };
  const same = (given: Given = {}): Promise<void> => expectSameAsCpu(() => dense(given), 1e-5);
  const examine = (): Promise<string> => cudaBackend().examine();

  describe('once it is checked', () => {
    beforeEach(async () => void (await examine()));

    it.each<Given>([
      ...[true, false].flatMap((a) => [true, false].map((b) => ({ transpose: [a, b] as const }))),
      { sizes: [128, 784, 11] },
      { sizes: [2, 1031, 513], bias: false },
      { sizes: [1031, 2, 513], activation: 'linear' },
      { sizes: [104, 128, 96], transpose: [true, true], bias: false },
    ])('one is what tfjs-backend-cpu gives: %o', async (given) => {
      expect(await products(() => same(given))).toEqual([1, 0]);
    });

    it('one is one launch, and two by cuBLAS alone', () => {
      const launches = (): number => {
        const before = backend.runtime.launches;
        tf.tidy(() => void dense({}));
        return backend.runtime.launches - before;
      };
      expect(launches()).toBe(1);
      backend.useCublas({ library: lt.cublas, lt: false });
      expect([launches(), backend.detail]).toEqual([2, expect.not.stringContaining('cuBLASLt')]);
    });

    it.each<[string, Given]>([
      ['with nothing to finish', { bias: false, activation: 'linear' }],
      ['of another activation, which is a launch in any case', { activation: 'sigmoid' }],
      ['of one row', { sizes: [1, 1024, 1030] }],
    ])('one %s is left to cuBLAS', async (_, given) => {
      expect(await products(() => same(given))).toEqual([0, 1]);
    });

    it('one before a softmax gets its bias there, one of batches and a small one are left', async () => {
      expect(await products(() => tf.tidy(() => void dense({ activation: 'softmax' })))).toEqual([1, 0]);
      const batches = (): tf.Tensor =>
        tf.fused.matMul({
          a: numbers([2, 90, 70]) as tf.Tensor2D,
          b: numbers([2, 70, 90], 2) as tf.Tensor2D,
          bias: numbers([90], 3),
        });
      expect(await products(() => expectSameAsCpu(batches, 1e-5))).toEqual([0, 1]);
      expect(await products(() => same({ sizes: [30, 20, 10] }))).toEqual([0, 0]);
    });

    it('a bias elsewhere is read there, and the algorithm is chosen once', async () => {
      const [a, b] = [numbers([101, 103]) as tf.Tensor2D, numbers([103, 105], 2) as tf.Tensor2D];
      const [first, second] = [numbers([105], 3), numbers([105], 4)];
      const asked = lt.called(ASK);
      const gap = tf.tidy(() => {
        const [x, y] = [first, second].map((bias) => tf.fused.matMul({ a, b, bias }));
        return tf.max(tf.abs(tf.sub(tf.sub(x!, y!), tf.sub(first, second)))).dataSync()[0]!;
      });
      expect(gap).toBeLessThan(1e-4);
      expect(lt.called(ASK) - asked).toBe(1);
      tf.dispose([a, b, first, second]);
    });

    it('what is NaN stays NaN', async () => {
      const row = tf.tidy(() => {
        const a = tf.fill([101, 105], Number.NaN) as tf.Tensor2D;
        return tf.fused
          .matMul({ a, b: numbers([105, 103]) as tf.Tensor2D, activation: 'relu' })
          .dataSync()
          .slice(0, 3);
      });
      expect([...row]).toEqual([Number.NaN, Number.NaN, Number.NaN]);
    });

    it('one is recorded with a step, the first of its kind too, and gives the same bits', async () => {
      const [x, bias] = [numbers([104, 104]) as tf.Tensor2D, numbers([104], 3)];
      const step = (): tf.Tensor => tf.tidy(() => tf.fused.matMul({ a: x, b: x, bias, activation: 'relu' }));
      const asked = lt.called(ASK);
      const recorded = backend.recordStep(
        () => step().dispose(),
        () => [],
        [x, bias],
      );
      expect([recorded, lt.called(ASK) - asked]).toEqual([expect.objectContaining({ replay: expect.anything() }), 1]);
      if ('dispose' in recorded) recorded.dispose();
      const eager = step();
      const captured = captureStep(step);
      expect([captured.isCaptured, captured.reason]).toEqual([true, undefined]);
      expect(await products(() => captured.run())).toEqual([0, 0]);
      expect(captured.results.dataSync()).toEqual(eager.dataSync());
      captured.dispose();
      tf.dispose([x, bias, eager]);
    });

    it.each<[string, () => void, number, number]>([
      ['TF32', () => void backend.useCublas({ library: lt.cublas, tf32: true }), 2 ** -12, 2 ** -10],
      ['bfloat16', () => backend.usePrecision('mixedBfloat16'), 2 ** -9, 2 ** -7],
      ['float16', () => backend.usePrecision('mixedFloat16'), 2 ** -12, 2 ** -10],
    ])('one is of numbers rounded to %s where that is asked for', async (_, ask, lost, kept) => {
      const over = (part: number): number =>
        tf.tidy(() => {
          const a = tf.fill([104, 104], 1 + part) as tf.Tensor2D;
          const y = tf.fused.matMul({ a, b: tf.ones([104, 104]), bias: tf.zeros([104]), activation: 'relu' });
          return y.dataSync()[5]! - 104;
        });
      expect(over(lost)).toBeCloseTo(104 * lost, 5);
      ask();
      // It is checked for each of these once.
      expect(await products(() => expect(over(lost)).toBe(0))).toEqual([1 + CHECK, 0]);
      expect(await products(() => expect(over(kept)).toBeCloseTo(104 * kept, 5))).toEqual([1, 0]);
    });
  });

  it('is not started by a recording', async () => {
    const [x, bias] = [numbers([104, 104]) as tf.Tensor2D, numbers([104], 3)];
    tf.dispose(tf.matMul(x, x));
    const count = await products(() => {
      const recorded = backend.recordStep(
        () => tf.dispose(tf.fused.matMul({ a: x, b: x, bias })),
        () => [],
        [x, bias],
      );
      if ('dispose' in recorded) recorded.dispose();
    });
    expect([count, lt.alive()]).toEqual([[0, 1], 0]);
    tf.dispose([x, bias]);
  });

  it.each([
    'cublasLtCreate',
    'cublasLtMatmulDescCreate',
    'cublasLtMatmulDescSetAttribute',
    'cublasLtMatrixLayoutCreate',
    'cublasLtMatmulPreferenceCreate',
    'cublasLtMatmulPreferenceSetAttribute',
    ASK,
    'cublasLtMatmul',
  ])('is left to cuBLAS, and it is said why, where %s fails', async (call) => {
    lt.fail(call, 0, 14);
    expect(await examine()).toMatch(new RegExp(`; no cuBLASLt: ${call} gave status 14; cuBLAS$`));
    expect(lt.alive()).toBe(0);
    expect(await products(() => same())).toEqual([0, 1]);
    // It can be asked for again.
    expect(await examine()).toMatch(/; cuBLASLt 13\.1\.0; cuBLAS$/);
    expect(await products(() => same())).toEqual([1, 0]);
    if (call === 'cublasLtCreate') return;
    lt.fail(call, 0, 14);
    // The first of its kind, as the one before is known already.
    await same({ sizes: [110, 104, 104] });
    expect(backend.detail).toMatch(new RegExp(`; no cuBLASLt: ${call} gave status 14$`));
    expect(await products(() => same())).toEqual([0, 1]);
  });

  it.each([ASK, 'cublasLtMatmul'])('is left to cuBLAS for one kind of product where %s has not that', async (call) => {
    await examine();
    lt.fail(call, 0, 15);
    await same();
    expect((await products(() => same()))[0]).toBe(0);
    expect(await products(() => same({ transpose: [true, false] }))).toEqual([1, 0]);
    expect(await examine()).toMatch(/; cuBLASLt 13\.1\.0; cuBLAS$/);
  });

  it('is left to cuBLAS where its numbers are wrong, and its relu where that makes 0 of NaN', async () => {
    lt.spoil(0.1, 1000, 0);
    expect(await examine()).toMatch(/; no cuBLASLt: its numbers are wrong: off by .* \(bias, float32\); cuBLAS$/);
    lt.spoil(Number.NaN, 1000, 0);
    expect(await examine()).toMatch(/; no cuBLASLt: its numbers are wrong/);
    lt.spoil(0, 1000, 1);
    expect(await examine()).toMatch(/; cuBLASLt 13\.1\.0, without its relu, which loses NaN; cuBLAS$/);
    expect(await products(() => same())).toEqual([0, 1]);
    expect(await products(() => same({ activation: 'linear' }))).toEqual([1, 0]);
  });

  it('is left to cuBLAS where every algorithm wants more memory than there is for it', async () => {
    lt.spoil(0, 2 ** 26, 0);
    expect(await examine()).toMatch(/; no cuBLASLt: it has no product for a check \(bias, float32\); cuBLAS$/);
    expect(await products(() => same())).toEqual([0, 1]);
  });

  it('is not where it does not lie beside cuBLAS, nor where cuBLAS is turned off', async () => {
    ({ backend } = await startOnEmulator({ cublas: cublas.library }));
    expect(await products(() => same())).toEqual([0, 1]);
    expect(backend.detail).toMatch(/; no cuBLASLt: it does not lie beside cuBLAS$/);
    ({ backend } = await startOnEmulator({ cublas: false }));
    expect(await products(() => tf.tidy(() => void dense({})))).toEqual([0, 0]);
    expect(await examine()).toMatch(/13\.0; no cuBLAS$/);
  });
});
