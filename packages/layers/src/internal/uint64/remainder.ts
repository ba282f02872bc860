import { add, cast, mod, mul, scalar, unstack, type Tensor } from '@tensorflow/tfjs-core';
import { bytesOf, type Words } from './words.js';

/** The largest divisor. */
export const LARGEST_BINS: number = 2 ** 30;

/** Words modulo a number up to 2^30: int32 `[n]`, in steps that fit into 31 bits. */
export function remainder(words: Words, divisor: number): Tensor {
  const inBytes = divisor <= 2 ** 22;
  const digits = unstack(cast(inBytes ? bytesOf(words) : words, 'int32'), 1).toReversed();
  const base = scalar(inBytes ? 256 : 2, 'int32');
  const by = scalar(divisor, 'int32');
  const [first, ...rest] = digits as [Tensor, ...Tensor[]];
  return rest.reduce<Tensor>((left, digit) => mod(add(mul(left, base), digit), by), mod(first, by));
}
