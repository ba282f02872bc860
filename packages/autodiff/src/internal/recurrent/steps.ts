import { BatchMatMul, reshape, unstack, where, type Tensor } from '@tensorflow/tfjs-core';
import { alias } from '../alias.js';
import { runKernel } from '../run-kernel.js';

/** The mask of each step as a column [batch, 1], or nothing. */
export function maskSteps(mask: Tensor | undefined): (time: number) => Tensor | undefined {
  const columns = mask === undefined ? undefined : unstack(mask, 1).map((step) => reshape(step, [-1, 1]));
  return (time) => columns?.[time];
}

/** Of each example the one where the step counts, the other where it does not. */
export function choose(real: Tensor | undefined, one: Tensor, other: Tensor): Tensor {
  return real === undefined ? one : where(real, one, other);
}

/** A matrix product. */
export function product(a: Tensor, b: Tensor, transposeA = false, transposeB = false): Tensor {
  return runKernel(BatchMatMul, { a, b }, { transposeA, transposeB });
}

/** [batch, steps, n] as the matrix [batch * steps, n]. */
export function asRows(x: Tensor): Tensor {
  const [batch, steps, n] = x.shape as [number, number, number];
  return alias(x, [batch * steps, n]);
}

/** The gradients of the states after each step, from those of all of them or of the last one alone. */
export function gradientSteps(dh: Tensor, steps: number): (time: number) => Tensor | undefined {
  if (dh.rank === 2) return (time) => (time === steps - 1 ? dh : undefined);
  const all = unstack(dh, 1);
  return (time) => all[time];
}
