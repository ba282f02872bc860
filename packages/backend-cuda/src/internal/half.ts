import { GradstreamError } from '@gradstream/core';
import type { DataId, TensorInfo } from '@tensorflow/tfjs-core';
import type { Address } from '../driver/driver.js';
import type { Block } from '../memory/pool.js';
import { gridFor, THREADS } from './grid.js';
import { kernelsIn, type KernelName } from './modules.js';
import type { CudaRuntime } from './runtime.js';
import type { TensorData } from './tensor-data.js';

/** How numbers of tensors between convolutions lie on the device in mixed precision: in 16 bits. They are float32 for tfjs. */
export type Half = 'bf16' | 'f16';

const kernels = {
  widen: 'ppi',
  narrow: 'ppi',
  add: 'pppi',
  relu: 'ppi',
  slope_relu: 'pppi',
  join: 'ppiiis',
  pool: 'ppiis',
  pool_places: 'ppis',
  pool_gradient: 'pppiis',
  batch_norm_apply: 'ppppppiif',
  batch_norm_moments: 'ppiii',
  batch_norm_products: 'ppppiiii',
  batch_norm_gradient: 'pppppii',
} as const;

/** A kernel that reads and writes numbers of 16 bits. */
export type HalfKernel = keyof typeof kernels;

const named = (half: Half): Readonly<Record<string, KernelName>> =>
  kernelsIn(
    `half_${half}`,
    Object.fromEntries(Object.entries(kernels).map(([name, signature]) => [`${name}_${half}`, signature])),
  );
const byHalf: Readonly<Record<Half, Readonly<Record<string, KernelName>>>> = { bf16: named('bf16'), f16: named('f16') };

/** The kernel for numbers of a kind. */
export const halfKernel = (name: HalfKernel, half: Half): KernelName => byHalf[half][`${name}_${half}`]!;

/** What is needed of the backend. */
interface Holder {
  readonly runtime: CudaRuntime;
  readonly data: { get(dataId: DataId): TensorData };
  address(x: TensorInfo): Address;
  touch(block: Block): void;
}

/** What a tensor's numbers are rounded to, where they lie there in 16 bits. */
export const halfOf = ({ data }: Holder, x: TensorInfo): Half | undefined => data.get(x.dataId).half?.kind;

/** Where a tensor lies: in 16 bits where it does so. */
export function storedAt(backend: Holder, x: TensorInfo): Address {
  const { half } = backend.data.get(x.dataId);
  if (half === undefined) return backend.address(x);
  backend.touch(half.block);
  return half.block.address;
}

/** Lets a tensor that is about to be written lie in 16 bits, in place of 32. */
export function storeAs({ data, runtime }: Holder, x: TensorInfo, kind: Half): void {
  const one = data.get(x.dataId);
  one.block?.pool.release(one.block);
  one.block = undefined;
  if (one.length > 0) one.half = { kind, block: runtime.pool.allocate(2 * one.length) };
}

/** Lets a tensor lie in 32 bits too, for kernels that know no others. Throws `GS_CUDA_CAPTURE` for one that a step which is being recorded did not make. */
export function widen(runtime: CudaRuntime, data: TensorData): void {
  const { half } = data;
  if (half === undefined || data.block !== undefined) return;
  if (runtime.capturing && half.block.pool !== runtime.pool) {
    throw new GradstreamError('GS_CUDA_CAPTURE', {
      where: 'backend-cuda/captureStep',
      what: 'The step reads numbers of 16 bits that were made before it',
      expected: 'tensors of float32 beside those that the step makes',
      received: 'the result of a convolution in mixed precision',
      next: 'Let the step make it, or read it once before.',
    });
  }
  data.block = runtime.pool.allocate(data.bytes);
  const values = [half.block.address, data.block.address, data.length];
  runtime.launch(halfKernel('widen', half.kind), gridFor(data.length, 4), THREADS, values);
}

/** Gives up the numbers of 16 bits: those of 32 are going to be others. */
export function forgetHalf(data: TensorData): void {
  const { half } = data;
  data.half = undefined;
  half?.block.pool.release(half.block);
}

/** Does work with tensors in 16 bits: those that lie in 32 are rounded to copies for so long. */
export function withHalves<T>(
  backend: Holder,
  tensors: readonly TensorInfo[],
  half: Half,
  work: (addresses: readonly Address[]) => T,
  done: readonly Address[] = [],
): T {
  const [x, ...rest] = tensors;
  if (x === undefined) return work(done);
  if (halfOf(backend, x) === half) return withHalves(backend, rest, half, work, [...done, storedAt(backend, x)]);
  const { runtime } = backend;
  const { length } = backend.data.get(x.dataId);
  const from = backend.address(x);
  return runtime.withScratch(Math.max(1, 2 * length), (to) => {
    if (length > 0) runtime.launch(halfKernel('narrow', half), gridFor(length, 4), THREADS, [from, to, length]);
    return withHalves(backend, rest, half, work, [...done, to]);
  });
}
