import { philox4x32 } from './philox.js';
import type { RandomKey } from './random-key.js';

/**
 * Random 32-bit words: element `i` is lane `i mod 4` of the block at counter `[i / 4, 0, counter mod 2^32, counter / 2^32]`.
 *
 * `counter` tells the uses of one key apart, for example the training step. Every backend's kernels use this layout.
 */
export function randomBits(key: RandomKey, counter: number, size: number): Uint32Array {
  const bits = new Uint32Array(size);
  const block = new Uint32Array(4);
  const low = counter >>> 0;
  const high = Math.floor(counter / 4294967296);
  for (let start = 0; start < size; start += 4) {
    philox4x32(start / 4, 0, low, high, key.low, key.high, block);
    bits[start] = block[0]!;
    if (start + 1 < size) bits[start + 1] = block[1]!;
    if (start + 2 < size) bits[start + 2] = block[2]!;
    if (start + 3 < size) bits[start + 3] = block[3]!;
  }
  return bits;
}

/** Uniform float32 numbers in [min, max): the upper 24 bits of each word, times 2^-24, scaled in float32. */
export function uniformValues(key: RandomKey, counter: number, size: number, min = 0, max = 1): Float32Array {
  const bits = randomBits(key, counter, size);
  const values = new Float32Array(size);
  const range = Math.fround(max - min);
  for (let i = 0; i < size; i++) values[i] = Math.fround((bits[i]! >>> 8) * 2 ** -24) * range + min;
  return values;
}

/** Normal float32 numbers by Box and Muller: each pair of words (u, v) gives `sqrt(-2 ln u) * [cos, sin](2 pi v)`, u in (0, 1]. */
export function normalValues(key: RandomKey, counter: number, size: number, mean = 0, deviation = 1): Float32Array {
  const bits = randomBits(key, counter, size + (size & 1));
  const values = new Float32Array(size);
  for (let i = 0; i < size; i += 2) {
    const radius = deviation * Math.sqrt(-2 * Math.log(((bits[i]! >>> 8) + 1) * 2 ** -24));
    const angle = 2 * Math.PI * ((bits[i + 1]! >>> 8) * 2 ** -24);
    values[i] = mean + radius * Math.cos(angle);
    if (i + 1 < size) values[i + 1] = mean + radius * Math.sin(angle);
  }
  return values;
}
