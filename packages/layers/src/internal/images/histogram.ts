import {
  add,
  cast,
  clipByValue,
  cumsum,
  div,
  equal,
  floor,
  gather,
  greater,
  min,
  mul,
  ones,
  range,
  reshape,
  round,
  scalar,
  scatterND,
  sub,
  where,
  type Tensor,
} from '@tensorflow/tfjs-core';
import { changeRange, type ValueRange } from './value-range.js';

/** How often each number is among whole numbers (int32) from 0 to `count - 1`: float32 `[count]`. */
export function countNumbers(numbers: Tensor, count: number): Tensor {
  return scatterND(reshape(numbers, [numbers.size, 1]), ones([numbers.size]), [count]);
}

/** Spreads the values of each channel of each image evenly over the range, by its histogram of so many bins. */
export function equalize(x: Tensor, values: ValueRange, bins: number): Tensor {
  const [batch, height, width, channels] = x.shape as [number, number, number, number];
  const bytes = changeRange(x, values, [0, 255]);
  const bin = floor(clipByValue(div(mul(bytes, bins - 1), 255), 0, bins - 1));
  const tables = batch * channels;
  const first = mul(reshape(range(0, tables, 1, 'int32'), [batch, 1, 1, channels]), scalar(bins, 'int32'));
  const places = add(cast(bin, 'int32'), first);
  const upTo = cumsum(reshape(countNumbers(places, tables * bins), [tables, bins]), 1);
  const least = min(where(greater(upTo, 0), upTo, height * width), 1, true);
  const rest = sub(height * width, least);
  const single = equal(rest, 0);
  const table = clipByValue(round(div(mul(sub(upTo, least), 255), where(single, 1, rest))), 0, 255);
  const even = reshape(gather(reshape(table, [tables * bins]), reshape(places, [-1])), x.shape);
  return changeRange(where(reshape(single, [batch, 1, 1, channels]), bytes, even), [0, 255], values);
}
