import { describeShape, describeValue, GradstreamError } from '@gradstream/core';
import { cast, expandDims, mul, reshape, squeeze, Tensor } from '@tensorflow/tfjs-core';

/** Mask and sample weight as one weight; undefined where there is neither. */
export function joinWeights(where: string, mask: Tensor | undefined, weight: Tensor | undefined): Tensor | undefined {
  if (weight === undefined || mask === undefined) return weight ?? mask;
  const [a, b] = sameRank(asNumbers(mask), asNumbers(weight));
  const fits =
    a.rank === 0 || b.rank === 0 || a.shape.every((size, i) => size === b.shape[i] || size === 1 || b.shape[i] === 1);
  if (!fits) throw weightError(where, 'sample weights', weight, `shape ${describeShape(mask.shape)} of the mask`);
  return mul(a, b);
}

/** Values and weights that can be multiplied: each axis of the weights is that of the values, or 1. Throws `GS_LOSS_WEIGHT` otherwise. */
export function alignWeights(where: string, values: Tensor, weight: Tensor): [Tensor, Tensor] {
  const [x, w] = sameRank(values, weight);
  const fits =
    x.rank === 0 ||
    w.rank === 0 ||
    (x.rank === w.rank && w.shape.every((size, i) => size === x.shape[i] || size === 1));
  if (!fits) throw weightError(where, 'weights', weight, `shape ${describeShape(values.shape)} of the values`);
  return [x, w];
}

/** Throws `GS_LOSS_WEIGHT` for something that is no tensor. */
export function checkTensor(where: string, name: string, given: unknown): asserts given is Tensor {
  if (given instanceof Tensor) return;
  throw new GradstreamError('GS_LOSS_WEIGHT', {
    where,
    what: `The option "${name}" has a value that cannot be used`,
    expected: 'a tensor',
    received: describeValue(given),
    next: `Make a tensor of it, or leave "${name}" out.`,
  });
}

/** A tensor as float32. */
export function asNumbers(x: Tensor): Tensor {
  return x.dtype === 'float32' ? x : cast(x, 'float32');
}

/** Keras' rule: a last axis of size 1 that only one of them has is dropped, from rank 1 on given to the other; and missing last axes are added. */
function sameRank(a: Tensor, b: Tensor): [Tensor, Tensor] {
  if (a.rank < b.rank) {
    const [y, x] = sameRank(b, a);
    return [x, y];
  }
  if (a.rank === b.rank + 1 && a.shape.at(-1) === 1)
    return b.rank === 1 ? [a, expandDims(b, -1)] : [squeeze(a, [-1]), b];
  if (a.rank === b.rank || b.rank === 0) return [a, b];
  return [a, reshape(b, [...b.shape, ...Array.from({ length: a.rank - b.rank }, () => 1)])];
}

function weightError(where: string, kind: string, weight: Tensor, expected: string): GradstreamError {
  return new GradstreamError('GS_LOSS_WEIGHT', {
    where,
    what: `The ${kind} do not fit`,
    expected: `the ${expected}, or its first axes`,
    received: describeShape(weight.shape),
    next: 'Give one weight for each sample, [batch], or one for each value.',
  });
}
