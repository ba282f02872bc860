import { normalizationKernels as kernelsOf } from '@gradstream/backend-kernels';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { CudaBackend } from '../../cuda-backend.js';
import { sizeOf } from '../../internal/elements.js';
import { blocks, THREADS, WARPS } from '../../internal/grid.js';
import { halfKernel, halfOf, storedAt, withHalves, type Half } from '../../internal/half.js';
import { kernelsIn, type KernelName } from '../../internal/modules.js';
import type { Size3 } from '../../internal/runtime.js';
import { filled } from '../elementwise/convert.js';
import type { Kernel } from '../kernel.js';
import { isShortRow, threadsForRow } from '../softmax.js';
import { addressOr0 } from './operands.js';

const kernels = kernelsIn('normalization', {
  layer_norm: 'ppppppif',
  layer_norm_256: 'ppppppiif',
  layer_norm_1024: 'ppppppiif',
  layer_norm_gradient: 'ppppppi',
  layer_norm_gradient_256: 'ppppppii',
  layer_norm_gradient_1024: 'ppppppii',
  layer_norm_columns: 'pppppiii',
  join_columns: 'pppii',
  batch_norm_apply: 'ppppppiif',
  batch_norm_moments: 'ppiii',
  batch_norm_join: 'pppppppffiiiii',
  batch_norm_products: 'ppppiiii',
  batch_norm_slopes: 'ppppppiiiif',
  batch_norm_gradient: 'pppppii',
});

/** Layer and batch normalization. */
export const normalizationKernels: readonly Kernel[] = kernelsOf<CudaBackend>({
  layerNorm(call, x, { rows, n }, epsilon) {
    const { outputs, at } = made(call.backend, x.shape, [rows], [rows]);
    const values = [call.backend.address(x), addressOr0(call, 'gamma'), addressOr0(call, 'beta'), ...at];
    if (rows === 0) return outputs;
    const { runtime } = call.backend;
    const short = n <= 256 ? kernels.layer_norm_256 : kernels.layer_norm_1024;
    if (isShortRow(n)) runtime.launch(short, [blocks(rows, 8), 1, 1], WARPS, [...values, rows, n, epsilon]);
    else runtime.launch(kernels.layer_norm, [rows, 1, 1], threadsForRow(n), [...values, n, epsilon]);
    return outputs;
  },
  layerNormGradient(call, tensors, { rows, n }) {
    if (rows * n === 0) return zeros(call.backend, tensors[1].shape, [n], [n]);
    const { backend } = call;
    const { outputs, at } = made(backend, tensors[1].shape, [n], [n]);
    const from = tensors.map((tensor) => backend.address(tensor));
    const { runtime } = backend;
    const values = [...from, addressOr0(call, 'gamma'), at[0]!];
    const short = n <= 256 ? kernels.layer_norm_gradient_256 : kernels.layer_norm_gradient_1024;
    if (isShortRow(n)) runtime.launch(short, [blocks(rows, 8), 1, 1], WARPS, [...values, rows, n]);
    else runtime.launch(kernels.layer_norm_gradient, [rows, 1, 1], threadsForRow(n), [...values, n]);
    const { chunk, count } = chunksOf(rows, n);
    runtime.withScratch(count * 2 * n * 4, (parts) => {
      runtime.launch(kernels.layer_norm_columns, [blocks(n, 32), count, 1], WARPS, [...from, parts, rows, n, chunk]);
      runtime.launch(kernels.join_columns, [blocks(2 * n, 32), 1, 1], WARPS, [parts, at[1]!, at[2]!, n, count]);
    });
    return outputs;
  },
  fusedBatchNorm(call, [x, mean, variance], _, epsilon) {
    const { backend } = call;
    const y = backend.output(x.shape, 'float32', halfOf(backend, x));
    const parameters = [addressOr0(call, 'scale'), addressOr0(call, 'offset')] as const;
    apply(backend, x, backend.address(mean), backend.address(variance), parameters, y, epsilon);
    return y;
  },
  batchNorm(call, x, { rows, n }, epsilon, moving) {
    const { backend } = call;
    const half = halfOf(backend, x);
    const { outputs, at } = madeAs(backend, half, x.shape, [n], [n], ...(moving === undefined ? [] : [[n], [n]]));
    const before = moving === undefined ? [0, 0] : [backend.address(moving.mean), backend.address(moving.variance)];
    const kept = moving?.momentum ?? 0;
    const fold = foldOf(rows, n);
    const { chunk, count } = chunksOf(rows / fold, n * fold);
    if (n === 0) return outputs;
    const parameters = [addressOr0(call, 'gamma'), addressOr0(call, 'beta')] as const;
    backend.runtime.withScratch(count * 2 * n * fold * 8, (parts) => {
      const { runtime } = backend;
      if (rows > 0)
        runtime.launch(kernelFor('batch_norm_moments', half), [blocks(n * fold, 32), count, 1], WARPS, [
          storedAt(backend, x),
          parts,
          rows / fold,
          n * fold,
          chunk,
        ]);
      runtime.launch(kernels.batch_norm_join, [n, 1, 1], threadsOfParts(count * fold), [
        ...[parts, at[1]!, at[2]!, ...before, at[3] ?? 0, at[4] ?? 0, kept, 1 - kept],
        ...[rows, n, chunk, rows > 0 ? count : 0, Math.log2(fold)],
      ]);
    });
    apply(backend, x, at[1]!, at[2]!, parameters, outputs[0]!, epsilon);
    return outputs;
  },
  batchNormGradient(call, [dy, x, mean, variance], { rows, n }, epsilon) {
    if (rows * n === 0) return zeros(call.backend, x.shape, [n], [n]);
    const { backend } = call;
    const { runtime } = backend;
    const half = halfOf(backend, x);
    const { outputs, at } = madeAs(backend, half, x.shape, [n], [n]);
    const fold = foldOf(rows, n);
    const { chunk, count } = chunksOf(rows / fold, n * fold);
    const gradient = (...images: readonly number[]): void => {
      const from = [...images, backend.address(mean)];
      runtime.withScratch(3 * n * 4, (numbers) => {
        runtime.withScratch(count * 2 * n * fold * 8, (parts) => {
          runtime.launch(kernelFor('batch_norm_products', half), [blocks(n * fold, 32), count, 1], WARPS, [
            ...from,
            parts,
            rows / fold,
            n * fold,
            chunk,
            fold,
          ]);
          const given = [parts, backend.address(variance), addressOr0(call, 'gamma'), at[1]!, at[2]!, numbers];
          runtime.launch(kernels.batch_norm_slopes, [n, 1, 1], threadsOfParts(count * fold), [
            ...given,
            rows,
            n,
            count,
            Math.log2(fold),
            epsilon,
          ]);
        });
        const size = sizeOf(x);
        runtime.launch(kernelFor('batch_norm_gradient', half), gridOfColumns(backend, size), THREADS, [
          ...from,
          numbers,
          at[0]!,
          size,
          n,
        ]);
      });
    };
    if (half === undefined) gradient(backend.address(dy), backend.address(x));
    else withHalves(backend, [dy, x], half, (addresses) => gradient(...addresses));
    return outputs;
  },
});

/** How many rows of few columns are taken as one, so that a warp has 32 columns. */
function foldOf(rows: number, n: number): number {
  return n > 0 && n < 32 && 32 % n === 0 && rows % (32 / n) === 0 ? 32 / n : 1;
}

/** Whole warps for so many parts of a column, at most eight. */
function threadsOfParts(count: number): Size3 {
  return [32 * Math.min(8, blocks(count, 32)), 1, 1];
}

/** So few blocks that each thread does several elements, where there are many. */
function gridOfColumns({ runtime }: CudaBackend, size: number): Size3 {
  return [Math.min(blocks(size, 1024), 16 * runtime.device.multiprocessors), 1, 1];
}

/** Rows that a block sums: enough blocks for the device, each with enough to do. */
function chunksOf(rows: number, n: number): { chunk: number; count: number } {
  const wanted = Math.max(1, Math.min(512, Math.ceil(1024 / blocks(n, 32))));
  const chunk = Math.max(64, Math.ceil(rows / wanted));
  return { chunk, count: blocks(rows, chunk) };
}

function made(backend: CudaBackend, ...shapes: readonly number[][]): { outputs: TensorInfo[]; at: number[] } {
  return madeAs(backend, undefined, ...shapes);
}

/** The same, the first of them in 16 bits where `half` says so. */
function madeAs(
  backend: CudaBackend,
  half: Half | undefined,
  ...shapes: readonly number[][]
): { outputs: TensorInfo[]; at: number[] } {
  const outputs = shapes.map((shape, index) => backend.output(shape, 'float32', index === 0 ? half : undefined));
  return { outputs, at: outputs.map((x) => storedAt(backend, x)) };
}

type ColumnKernel = 'batch_norm_apply' | 'batch_norm_moments' | 'batch_norm_products' | 'batch_norm_gradient';

/** The kernel for numbers as they are stored. */
const kernelFor = (name: ColumnKernel, half: Half | undefined): KernelName =>
  half === undefined ? kernels[name] : halfKernel(name, half);

const zeros = (backend: CudaBackend, ...shapes: readonly number[][]): TensorInfo[] =>
  shapes.map((shape) => filled(backend, shape, 'float32', 0)!);

function apply(
  backend: CudaBackend,
  x: TensorInfo,
  mean: number,
  variance: number,
  parameters: readonly [number, number],
  y: TensorInfo,
  epsilon: number,
): void {
  const size = sizeOf(x);
  if (size === 0) return;
  // Both lie there in the same way.
  const half = halfOf(backend, y);
  const values = [
    half === undefined ? backend.address(x) : storedAt(backend, x),
    mean,
    variance,
    ...parameters,
    storedAt(backend, y),
    size,
    x.shape.at(-1)!,
    epsilon,
  ];
  backend.runtime.launch(kernelFor('batch_norm_apply', half), gridOfColumns(backend, size), THREADS, values);
}
