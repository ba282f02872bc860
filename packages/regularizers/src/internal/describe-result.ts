import { describeShape, describeValue } from '@gradstream/core';
import type { Tensor } from '@tensorflow/tfjs-core';

/** The shape of what a function of one's own gave back, or undefined where it is no tensor. */
export function shapeOf(value: unknown): readonly number[] | undefined {
  const { shape, dataId } = (value ?? {}) as Partial<Tensor>;
  return Array.isArray(shape) && dataId !== undefined ? shape : undefined;
}

/** The same for a message. */
export function describeResult(value: unknown): string {
  const shape = shapeOf(value);
  return shape === undefined ? describeValue(value) : `a tensor of shape ${describeShape(shape)}`;
}
