import { sizeOf, type Shape } from '@gradstream/core';
import { reshape, transpose, type Tensor } from '@tensorflow/tfjs-core';
import { shapeError } from './shape-error.js';

/**
 * Which dimensions of an input `[batch, ..., features]` are its steps: attention goes over them, taken together. The others count as more examples.
 */
export interface AttentionAxes {
  readonly steps: readonly number[];
  readonly examples: readonly number[];
}

/** The axes for inputs of a rank; all by default. Throws `GS_LAYER_SHAPE` for one that is the batch's, the features' or not there. */
export function attentionAxes(
  factory: string,
  path: string,
  shape: Shape,
  given: readonly number[] | undefined,
): AttentionAxes {
  const rank = shape.length;
  const inner = shape.map((_, place) => place).slice(1, -1);
  const steps = (given ?? inner).map((axis) => (axis < 0 ? rank + axis : axis));
  if (!steps.every((axis) => inner.includes(axis)) || new Set(steps).size < steps.length) {
    throw shapeError(
      factory,
      path,
      'An attention axis is none of the input',
      `different dimensions from 1 to ${rank - 2}: neither the batch nor the features`,
      shape,
      'Change attentionAxes, or leave it out for all of them.',
    );
  }
  return { steps, examples: inner.filter((axis) => !steps.includes(axis)) };
}

/** The sizes of some dimensions. */
export const sizesOf = <T>(shape: readonly T[], axes: readonly number[]): T[] => axes.map((axis) => shape[axis]!);

/** A tensor `[batch, ..., ...rest]` as `[examples, steps, ...rest]`. */
export function asSteps(x: Tensor, { steps, examples }: AttentionAxes): Tensor {
  if (steps.length === 1 && examples.length === 0) return x;
  const order = [0, ...examples, ...steps];
  const rest = x.shape.map((_, place) => place).slice(order.length);
  const all = [...order, ...rest];
  const moved = all.every((place, index) => place === index) ? x : transpose(x, all);
  const batch = x.shape[0]! * sizeOf(sizesOf(x.shape, examples));
  return reshape(moved, [batch, sizeOf(sizesOf(x.shape, steps)), ...sizesOf(x.shape, rest)]);
}

/** The inverse of `asSteps`, for a tensor of other features whose input had the given shape. */
export function fromSteps(y: Tensor, { steps, examples }: AttentionAxes, shape: readonly number[]): Tensor {
  if (steps.length === 1 && examples.length === 0) return y;
  const order = [0, ...examples, ...steps];
  const rest = y.shape.slice(2);
  const apart = reshape(y, [...sizesOf(shape, order), ...rest]);
  const back = order.map((_, place) => order.indexOf(place));
  const all = [...back, ...rest.map((_, place) => order.length + place)];
  return all.every((place, index) => place === index) ? apart : transpose(apart, all);
}
