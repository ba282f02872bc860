import { randomBits, type RandomKey } from '@gradstream/core';

/** The random numbers of one image, given out in order. */
export interface RandomNumbers {
  /** The next number, uniform in [min, max). */
  between(min: number, max: number): number;
  /** The next whole number from 0 to `limit - 1`. */
  below(limit: number): number;
  /** Random bytes that no other call has seen. */
  bytes(count: number): Uint8Array;
}

/** Words kept for single numbers; an image uses some 50. */
const SINGLE = 64;

/** The random numbers of the image `index` under a key: a pure function of both. `byteCount` is the most that `bytes` will be asked for. */
export function randomNumbers(key: RandomKey, index: number, byteCount: number): RandomNumbers {
  const words = randomBits(key, index, SINGLE + Math.ceil(byteCount / 4));
  let next = 0;
  const uniform = (): number => {
    if (next === SINGLE) throw new RangeError(`An image may use ${SINGLE} random numbers`);
    return words[next++]! / 4294967296;
  };
  return {
    between: (min, max) => min + uniform() * (max - min),
    below: (limit) => Math.floor(uniform() * limit),
    bytes: (count) => {
      const bytes = new Uint8Array(count);
      // By arithmetic, not by a view of the words: the same on machines of either byte order.
      for (let i = 0; i < count; i++) bytes[i] = words[SINGLE + (i >>> 2)]! >>> ((i & 3) * 8);
      return bytes;
    },
  };
}
