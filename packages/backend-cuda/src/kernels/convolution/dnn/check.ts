import { backend_util } from '@tensorflow/tfjs-core';
import type { CudaRuntime } from '../../../internal/runtime.js';
import { convolveByOwn, type ConvolutionKind } from '../own-products.js';
import type { Dnn } from './dnn.js';
import type { DnnMath } from './plan.js';

/** The largest error, by the largest number, of sums of some hundred products: of float32 numbers, and of numbers that were rounded to TF32. */
const TOLERANCE: Readonly<Record<DnnMath, number>> = { float32: 1e-5, tf32: 5e-3 };

/** A convolution small enough to be nothing, with edges, a stride and more than one warp of channels. */
const info: backend_util.Conv2DInfo = backend_util.computeConv2DInfo([2, 7, 6, 32], [3, 3, 32, 40], [2, 1], 1, [
  [0, 0],
  [1, 1],
  [1, 1],
  [0, 0],
] as never);
const sizes = { x: 2 * 7 * 6 * 32, filter: 9 * 32 * 40, y: 2 * info.outHeight * info.outWidth * 40 };
/** The operands of each product, and how many numbers it gives. */
const products = {
  conv: ['x', 'filter', 'y'],
  conv_input: ['y', 'filter', 'x'],
  conv_filter: ['x', 'y', 'filter'],
} as const;

/**
 * Lets cuDNN and own kernels convolve the same numbers, forwards and for both gradients, and gives what differs, or undefined where nothing does. It waits for the
 * device, once a start. Throws `DnnFailure` where cuDNN fails.
 */
export function differenceOf(runtime: CudaRuntime, dnn: Dnn, math: DnnMath): string | undefined {
  const wanted = [sizes.x, sizes.filter, sizes.y, ...Array<number>(2).fill(Math.max(sizes.x, sizes.filter, sizes.y))];
  const held = wanted.flatMap((size) => runtime.pool.allocateIfThere(size * 4) ?? []);
  try {
    if (held.length < wanted.length) return 'there is no memory for its check';
    const [x, filter, y, ours, theirs] = held.map(({ address }) => address) as [number, number, number, number, number];
    const at = { x, filter, y };
    for (const [name, address] of Object.entries(at))
      runtime.upload(new Uint8Array(numbers(sizes[name as keyof typeof sizes]).buffer), address);
    for (const [kind, [a, b, to]] of Object.entries(products) as [ConvolutionKind, (typeof products)['conv']][]) {
      convolveByOwn(runtime, kind, info, [at[a], at[b], ours]);
      if (!dnn.convolve(kind, info, [at[a], at[b], theirs], math)) return `it has no convolution for a check (${kind})`;
      const [right, got] = [new Float32Array(sizes[to]), new Float32Array(sizes[to])];
      runtime.downloadNow(ours, new Uint8Array(right.buffer));
      runtime.downloadNow(theirs, new Uint8Array(got.buffer));
      const off = distance(got, right);
      if (!(off <= TOLERANCE[math]))
        return `its numbers are wrong: off by ${off.toExponential(1)} of the largest in a check (${kind}, ${math})`;
    }
    return undefined;
  } finally {
    for (const block of held) block.pool.release(block);
  }
}

function numbers(count: number): Float32Array {
  return Float32Array.from({ length: count }, (_, index) => Math.sin((index + 1) * 12.9898));
}

/** The largest distance by the largest number; NaN where a number is none. */
function distance(got: Float32Array, right: Float32Array): number {
  const most = (values: Float32Array): number =>
    values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
  return most(got.map((value, index) => value - right[index]!)) / most(right);
}
