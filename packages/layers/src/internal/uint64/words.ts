import {
  abs,
  add,
  concat,
  div,
  floor,
  matMul,
  mod,
  reshape,
  slice,
  stack,
  sub,
  tensor,
  unstack,
  zeros,
  type Tensor,
} from '@tensorflow/tfjs-core';

/**
 * Words of 64 bits as tensors: `[n, 64]` of zeros and ones in float32, the lowest bit first. Bytes are `[n, 8]`, the lowest first.
 *
 * No backend has whole numbers of this size. Products of bytes add up to less than 2^24, which float32 holds exactly, so that all is exact everywhere.
 */
export type Words = Tensor;

/** One word, for all rows. */
export function word(value: bigint): Words {
  return tensor(
    Float32Array.from({ length: 64 }, (_, bit) => Number((value >> BigInt(bit)) & 1n)),
    [1, 64],
  );
}

/** Words of bytes. */
export function ofBytes(bytes: Tensor): Words {
  const powers = tensor([1, 2, 4, 8, 16, 32, 64, 128], [8], 'float32');
  const rows = bytes.shape[0]!;
  return reshape(mod(floor(div(reshape(bytes, [rows, 8, 1]), powers)), 2), [rows, 64]);
}

/** The bytes of words. */
export function bytesOf(words: Words): Tensor {
  const rows = words.shape[0]!;
  const powers = tensor([1, 2, 4, 8, 16, 32, 64, 128], [8, 1], 'float32');
  return reshape(matMul(reshape(words, [rows * 8, 8]), powers), [rows, 8]);
}

/** Exclusive or. */
export function xor(a: Words, b: Words): Words {
  return abs(sub(a, b));
}

/** The sum, modulo 2^64. */
export function plus(a: Words, b: Words): Words {
  return carry(add(bytesOf(a), bytesOf(b)));
}

/** The product with a constant, or with one of each row's as `multipliers` gives them, modulo 2^64. */
export function times(a: Words, by: bigint | Tensor): Words {
  const rows = a.shape[0]!;
  if (typeof by === 'bigint') return carry(matMul(bytesOf(a), tensor(toeplitz(by), [8, 8])));
  return carry(reshape(matMul(reshape(bytesOf(a), [rows, 1, 8]), by), [rows, 8]));
}

/** Constants that words can be multiplied with: `[count, 8, 8]`. */
export function multipliers(values: readonly bigint[]): Tensor {
  return tensor(Float32Array.from(values.flatMap((value) => [...toeplitz(value)])), [values.length, 8, 8]);
}

/** Bits moved to the right by some places, around the end. */
export function rotateRight(words: Words, places: number): Words {
  const rows = words.shape[0]!;
  return concat([slice(words, [0, places], [rows, 64 - places]), slice(words, [0, 0], [rows, places])], 1);
}

/** Bits moved to the right by some places, out of the word. */
export function shiftRight(words: Words, places: number): Words {
  const rows = words.shape[0]!;
  return concat([slice(words, [0, places], [rows, 64 - places]), zeros([rows, places])], 1);
}

/** Bits moved to the left by some places, out of the word. */
export function shiftLeft(words: Words, places: number): Words {
  const rows = words.shape[0]!;
  return concat([zeros([rows, places]), slice(words, [0, 0], [rows, 64 - places])], 1);
}

/** Row i, column j: byte j - i of a number. A row of bytes times this is the product's, before carrying. */
function toeplitz(value: bigint): Float32Array {
  return Float32Array.from({ length: 64 }, (_, place) => {
    const shift = (place % 8) - Math.floor(place / 8);
    return shift < 0 ? 0 : Number((value >> BigInt(8 * shift)) & 255n);
  });
}

/** Words of sums of bytes: what is above a byte is added to the next one. */
function carry(sums: Tensor): Words {
  let above: Tensor | undefined;
  const bytes = unstack(sums, 1).map((sum) => {
    const whole = above === undefined ? sum : add(sum, above);
    above = floor(div(whole, 256));
    return mod(whole, 256);
  });
  return ofBytes(stack(bytes, 1));
}
