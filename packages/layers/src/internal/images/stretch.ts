import { add, div, greater, max, min, mul, neg, onesLike, sub, where, type Tensor } from '@tensorflow/tfjs-core';
import { changeRange, clipTo, type ValueRange } from './value-range.js';

/** Stretches each channel of each image over the whole value range. */
export function stretch(x: Tensor, values: ValueRange): Tensor {
  const bytes = changeRange(x, values, [0, 255]);
  const low = min(min(bytes, 1, true), 2, true);
  const spread = sub(max(max(bytes, 1, true), 2, true), low);
  const some = greater(spread, 0);
  const scale = div(255, where(some, spread, onesLike(spread)));
  const stretched = clipTo(add(mul(bytes, scale), neg(mul(low, scale))), [0, 255]);
  return where(some, changeRange(stretched, [0, 255], values), x);
}
