import { add, clipByValue, div, mul, reshape, sub, where, type Tensor } from '@tensorflow/tfjs-core';

/** The smallest and the largest value. */
export type ValueRange = readonly [number, number];

/** Brings values from one range to another; they stay as they are where the two are equal. */
export function changeRange(x: Tensor, [low, high]: ValueRange, [newLow, newHigh]: ValueRange): Tensor {
  if (low === newLow && high === newHigh) return x;
  const unit = low === 0 && high === 1 ? x : div(low === 0 ? x : sub(x, low), high - low);
  const scaled = newHigh - newLow === 1 ? unit : mul(unit, newHigh - newLow);
  return newLow === 0 ? scaled : add(scaled, newLow);
}

/** Values cut off at the ends of a range. */
export function clipTo(x: Tensor, [low, high]: ValueRange): Tensor {
  return clipByValue(x, low, high);
}

/** A number for each image `[batch]`, to be spread over its pixels. */
export function eachImage(x: Tensor): Tensor {
  return reshape(x, [x.size, 1, 1, 1]);
}

/** Of two batches of images, those of the first where the choice `[batch]` is true. */
export function chooseImages(choice: Tensor, yes: Tensor, no: Tensor): Tensor {
  return where(eachImage(choice), yes, no);
}
