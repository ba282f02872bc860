import { floatWord } from '@gradstream/backend-kernels';
import type { Address } from '../driver/driver.js';
import { addressWords } from '../driver/kernel-arguments.js';
import { blocks, gridFor, THREADS, WARPS } from '../internal/grid.js';
import { kernelsIn, type KernelName } from '../internal/modules.js';
import type { Rounding } from '../internal/rounding.js';
import type { CudaRuntime } from '../internal/runtime.js';
import { multiplyByBlas, multiplyByLt } from './blas.js';

const letters = ['nn', 'nt', 'tn', 'tt'] as const;
const products = (sizes: readonly number[], end = ''): Record<string, string> =>
  Object.fromEntries(sizes.flatMap((size) => letters.map((pair) => [`gemm_${size}_${pair}${end}`, 'pppss'])));
const rounded = ['bf16', 'f16', 'tf32'].map((end) => kernelsIn(`matrix_${end}`, products([64, 128], `_${end}`)));
const kernels: Readonly<Record<string, KernelName>> = Object.assign(
  {},
  ...rounded,
  kernelsIn('matrix', {
    ...products([32, 64, 128]),
    gemm_join: 'ppiiiis',
    gemm_join_many: 'ppiiiis',
    finish: 'piis',
  }),
);

/** What is needed of a backend. */
interface Working {
  readonly runtime: CudaRuntime;
}

/** What is done to the sums of a product before they are stored. */
export interface Finish {
  /** Where one number a column lies, or 0. */
  readonly bias: Address;
  /** See `activationNumber`. */
  readonly activation: number;
  readonly alpha: number;
}

/** Sums as they are. */
export const PLAIN: Finish = { bias: 0, activation: 0, alpha: 0 };

/** So many products, and how many elements apart their operands are. */
export interface Batch {
  readonly count: number;
  readonly aStep: number;
  readonly bStep: number;
}

const ONE: Batch = { count: 1, aStep: 0, bStep: 0 };

/** How a product is cut: tiles of so many rows and columns, and parts of its sums that are added up afterwards. */
export interface Tiling {
  readonly size: 32 | 64 | 128;
  readonly threads: number;
  readonly splits: number;
}

/** From so many parts on several threads add up one sum. */
const MANY_SPLITS = 16;

/** Sums shorter than this are not cut. */
const LEAST_SPLIT = 64;

/** The tiling that keeps a device of so many multiprocessors busy: larger tiles read less, smaller ones and cut sums run on more of it. */
export function tilingOf(
  [m, n, k]: readonly [number, number, number],
  batch: number,
  multiprocessors: number,
  rounding: Rounding,
  most = 64,
): Tiling {
  const tiles = (size: number): number => blocks(m, size) * blocks(n, size) * batch;
  const large = tiles(128) >= multiprocessors && Math.min(m, n) >= 96;
  // Tensor cores have no smaller tiles than 64.
  const size = large ? 128 : rounding !== 'none' || tiles(64) >= multiprocessors ? 64 : 32;
  const wanted = Math.floor(((size === 32 ? 6 : 2) * multiprocessors) / tiles(size));
  const splits = Math.max(1, Math.min(wanted, Math.floor(k / LEAST_SPLIT), most));
  const threads = size === 32 ? 64 : size === 64 && rounding !== 'none' ? 128 : 256;
  return { size, threads, splits };
}

/** What ends the names of kernels whose operands are rounded so. */
export const endOf = (rounding: Rounding): string => (rounding === 'none' ? '' : `_${rounding}`);

/** The words of `Finish` in kernels/gemm.h. */
export function finishWords({ bias, activation, alpha }: Finish): Int32Array {
  return Int32Array.of(...addressWords(bias), activation, floatWord(alpha));
}

/** Finishes sums, [..., n], where they lie. */
export function finishSums({ runtime }: Working, c: Address, total: number, n: number, finish: Finish): void {
  if (finish.bias === 0 && finish.activation === 0) return;
  const grid = gridFor(total, n % 4 === 0 ? 4 : 1);
  runtime.launch(kernels['finish']!, grid, THREADS, [c, total, n, finishWords(finish)]);
}

/** c = a b of float32 matrices, m x k by k x n, either of them stored the other way round. */
export function multiply(
  backend: Working,
  { a, b, c }: { readonly a: Address; readonly b: Address; readonly c: Address },
  [m, n, k]: readonly [number, number, number],
  transposeA: boolean,
  transposeB: boolean,
  { count, aStep, bStep }: Batch = ONE,
  finish: Finish = PLAIN,
): void {
  if (m * n * count === 0) return;
  const { runtime } = backend;
  if (count === 1 && multiplyByLt(runtime, { a, b, c }, [m, n, k], [transposeA, transposeB], finish)) return;
  if (multiplyByBlas(runtime, { a, b, c }, [m, n, k], [transposeA, transposeB], [count, aStep, bStep])) {
    finishSums(backend, c, m * n * count, n, finish);
    return;
  }
  const rounding = runtime.roundings.of(m * n * k * count);
  const { size, threads, splits } = tilingOf([m, n, k], count, runtime.device.multiprocessors, rounding);
  const kernel = kernels[`gemm_${size}_${transposeA ? 't' : 'n'}${transposeB ? 't' : 'n'}${endOf(rounding)}`]!;
  // Four numbers are read at once where every row begins on four.
  const isWhole = (address: Address, row: number, step: number): number =>
    Number(address % 16 === 0 && row % 4 === 0 && step % 4 === 0);
  const words = Int32Array.of(
    ...[m, n, k, splits, ...addressWords(aStep), ...addressWords(bStep)],
    ...[isWhole(a, transposeA ? m : k, aStep), isWhole(b, transposeB ? k : n, bStep)],
  );
  const perLaunch = Math.max(1, Math.floor(runtime.device.mostBlocks / splits));
  const run = (to: Address): void => {
    for (let first = 0; first < count; first += perLaunch) {
      const part = Math.min(perLaunch, count - first);
      const at = [a + first * aStep * 4, b + first * bStep * 4, to + first * splits * m * n * 4];
      const grid = [blocks(m, size) * blocks(n, size), 1, part * splits] as const;
      runtime.launch(kernel, grid, [threads, 1, 1], [...at, words, finishWords(finish)]);
    }
  };
  if (splits === 1) return run(c);
  runtime.withScratch(count * splits * m * n * 4, (parts) => {
    run(parts);
    joinSplits(backend, parts, c, count, m * n, n, splits, finish);
  });
}

/** Products with more multiplications than this are not left in parts: cuBLAS may be faster. */
const MOST_IN_PARTS = 2 ** 26;

/** In how many parts `multiplyInParts` leaves a product. */
export function partsOf({ runtime }: Working, m: number, n: number, k: number): number {
  return m * n * k > MOST_IN_PARTS ? 1 : tilingOfParts(runtime, [m, n, k]).splits;
}

function tilingOfParts(
  { roundings, device }: CudaRuntime,
  sizes: readonly [number, number, number],
): Tiling & { readonly rounding: Rounding } {
  const rounding = roundings.of(sizes[0] * sizes[1] * sizes[2]);
  return { ...tilingOf(sizes, 1, device.multiprocessors, rounding), rounding };
}

/** a b in `partsOf` parts, [parts][m][n], that whoever reads them adds up: a launch fewer. */
export function multiplyInParts(
  backend: Working,
  at: { readonly a: Address; readonly b: Address; readonly c: Address },
  sizes: readonly [number, number, number],
  transposeB: boolean,
): void {
  const [m, n, k] = sizes;
  if (m * n * k > MOST_IN_PARTS) return multiply(backend, at, sizes, false, transposeB);
  const { size, threads, splits, rounding } = tilingOfParts(backend.runtime, sizes);
  const isWhole = (address: Address, row: number): number => Number(address % 16 === 0 && row % 4 === 0);
  const words = Int32Array.of(m, n, k, splits, 0, 0, 0, 0, isWhole(at.a, k), isWhole(at.b, transposeB ? k : n));
  const grid = [blocks(m, size) * blocks(n, size), 1, splits] as const;
  const values = [at.a, at.b, at.c, words, finishWords(PLAIN)];
  backend.runtime.launch(
    kernels[`gemm_${size}_n${transposeB ? 't' : 'n'}${endOf(rounding)}`]!,
    grid,
    [threads, 1, 1],
    values,
  );
}

/** Adds up the parts of cut sums, [count][splits][size], in their order, and finishes them. */
export function joinSplits(
  { runtime }: Working,
  parts: Address,
  c: Address,
  count: number,
  size: number,
  n: number,
  splits: number,
  finish: Finish,
): void {
  const total = count * size;
  if (splits >= MANY_SPLITS) {
    runtime.launch(kernels['gemm_join_many']!, [blocks(total, 32), 1, 1], WARPS, [
      parts,
      c,
      total,
      size,
      n,
      splits,
      finishWords(finish),
    ]);
    return;
  }
  runtime.launch(kernels['gemm_join']!, gridFor(total), THREADS, [
    parts,
    c,
    total,
    size,
    n,
    splits,
    finishWords(finish),
  ]);
}
