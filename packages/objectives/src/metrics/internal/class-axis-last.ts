import { transpose, type Tensor } from '@tensorflow/tfjs-core';
import { checkAxis } from './check-axis.js';

/** A tensor with the given axis moved to the end. Throws `GS_METRIC_AXIS` where it has no such axis. */
export function classAxisLast(where: string, x: Tensor, axis: number): Tensor {
  const place = checkAxis(where, axis, x.rank);
  if (place === x.rank - 1) return x;
  const others = x.shape.map((_, index) => index).filter((index) => index !== place);
  return transpose(x, [...others, place]);
}
