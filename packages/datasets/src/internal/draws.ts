import { randomBits, type RandomKey } from '@gradstream/core';

/** Words made at a time: large enough to spread the cost of a call, small enough for a short stream. */
const CHUNK = 1024;

/**
 * A stream of random integers: each call gives the next one from 0 to `limit - 1`.
 *
 * Draw `i` is `floor(word_i * limit / 2^32)` of the key's words, so no value is more likely than another by more than `limit / 2^32` of its share.
 */
export function draws(key: RandomKey): (limit: number) => number {
  let words: Uint32Array = new Uint32Array(0);
  let chunk = 0;
  let next = 0;
  return (limit) => {
    if (next === words.length) {
      words = randomBits(key, chunk++, CHUNK);
      next = 0;
    }
    return Math.floor((words[next++]! / 4294967296) * limit);
  };
}
