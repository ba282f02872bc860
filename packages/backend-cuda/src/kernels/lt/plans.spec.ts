import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as tf from '@tensorflow/tfjs-core';
import { loadCublasLtLookAlike, type CublasLtLookAlike } from '../../../testing/cublas-lt.js';
import { noEmulator, onEmulator, startOnEmulator, type Emulator } from '../../../testing/emulator.js';
import { CUDA } from '../../cuda.js';
import type { CudaBackend } from '../../cuda-backend.js';
import { loadCublasLt } from '../../node/cublas-lt.js';
import type { Block } from '../../memory/pool.js';
import { Lt } from './lt.js';
import { alignmentOf, type LtProduct } from './plan.js';

const ASK = 'cublasLtMatmulAlgoGetHeuristic';
const MOST = 256;

describe('alignmentOf', () => {
  it.each([
    [0, 256],
    [4, 4],
    [1032, 8],
    [2 ** 40 + 384, 128],
    [2 ** 45, 256],
  ])('of %d is %d bytes', (address, bytes) => expect(alignmentOf(address)).toBe(bytes));
});

describe.skipIf(noEmulator !== undefined)(`what is remembered of products, ${onEmulator}`, () => {
  let emulator: Emulator;
  let library: CublasLtLookAlike;
  let backend: CudaBackend;
  let lt: Lt;
  let memory: Block[];
  beforeEach(async () => {
    library = await loadCublasLtLookAlike();
    ({ backend, emulator } = await startOnEmulator());
    memory = Array.from({ length: 5 }, () => backend.runtime.pool.allocate(2 ** 16));
    lt = new Lt(backend.runtime, loadCublasLt(library.cublas)!, memory[4]!);
  }, 600_000);
  afterEach(() => {
    lt.dispose();
    library.mend();
    for (const block of memory) block.pool.release(block);
    tf.removeBackend(CUDA);
    expect([library.alive(), emulator.blocks()]).toEqual([0, 0]);
  });

  const multiply = (columns: number, more: Partial<LtProduct> = {}, moved = 0): boolean => {
    const [a, b, c, bias] = memory.map(({ address }) => address) as [number, number, number, number];
    const product = { sizes: [3, columns, 4], transpose: [false, false], rounding: 'none', epilogue: 'bias' } as const;
    return lt.multiply({ ...product, ...more }, { a: a + moved, b, c, bias });
  };
  const asked = (run: () => void): number => {
    const before = library.called(ASK);
    run();
    return library.called(ASK) - before;
  };

  it('is one algorithm for each kind of product, and for each alignment', () => {
    const all = (): void => {
      multiply(5);
      for (const epilogue of ['relu', 'reluBias'] as const) multiply(5, { epilogue });
      for (const rounding of ['tf32', 'bf16', 'f16'] as const) multiply(5, { rounding });
      multiply(5, { transpose: [true, false] });
      multiply(5, { transpose: [false, true] });
      multiply(5, {}, 4);
      multiply(5, {}, 8);
      multiply(5, { sizes: [4, 5, 4] });
    };
    expect([asked(all), asked(all)]).toEqual([11, 0]);
  });

  it('is bounded: what was not asked for the longest goes first', () => {
    for (let columns = 2; columns < 2 + MOST; columns++) multiply(columns);
    // A handle, and for each a product and three matrices.
    expect(library.alive()).toBe(1 + 4 * MOST);
    expect(asked(() => multiply(2))).toBe(0);
    expect(asked(() => multiply(2 + MOST))).toBe(1);
    expect(library.alive()).toBe(1 + 4 * MOST);
    expect(asked(() => multiply(2))).toBe(0);
    expect(asked(() => multiply(3))).toBe(1);
  });

  it('is that one cannot be had, too', () => {
    library.fail(ASK, 0, 15);
    expect([multiply(5), multiply(5), multiply(6)]).toEqual([false, false, true]);
    library.fail('cublasLtMatmul', 0, 8);
    expect([multiply(6), multiply(6)]).toEqual([false, false]);
    expect(library.alive()).toBe(1);
  });

  it('is nothing where a call fails', () => {
    library.fail('cublasLtMatrixLayoutCreate', 2, 3);
    expect(() => multiply(5)).toThrow('cublasLtMatrixLayoutCreate gave status 3');
    library.fail('cublasLtMatmulPreferenceSetAttribute', 3, 7);
    expect(() => multiply(5)).toThrow('cublasLtMatmulPreferenceSetAttribute gave status 7');
    expect(library.alive()).toBe(1);
    expect(multiply(5)).toBe(true);
  });
});
