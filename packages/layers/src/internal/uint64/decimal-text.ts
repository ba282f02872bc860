import {
  add,
  cast,
  clipByValue,
  equal,
  floorDiv,
  gather,
  greater,
  less,
  lessEqual,
  logicalAnd,
  mod,
  mul,
  neg,
  range,
  reshape,
  scalar,
  stack,
  sub,
  where,
  type Tensor,
} from '@tensorflow/tfjs-core';

/** The decimal text of whole numbers: bytes, 0 behind the end, `[n, 16]` in float32, and the lengths `[n]` in int32. */
export interface DecimalText {
  readonly bytes: Tensor;
  readonly length: Tensor;
}

const WIDTH = 16;
const DIGITS = 10;

/** Writes int32 `[n]` in decimal, with a minus sign in front of negative ones. */
export function decimalText(values: Tensor): DecimalText {
  const rows = values.size;
  const int = (value: number): Tensor => scalar(value, 'int32');
  const negative = less(values, 0);
  // Numbers from 0 down: -2^31 has no positive counterpart.
  let left = where(negative, values, neg(values));
  const digits: Tensor[] = [];
  let count = int(1);
  for (let place = 0; place < DIGITS; place++) {
    if (place > 0) count = add(count, cast(less(left, 0), 'int32'));
    const quotient = floorDiv(left, int(10));
    const rest = sub(left, mul(quotient, int(10)));
    digits.push(mod(sub(int(10), rest), int(10)));
    left = add(quotient, cast(greater(rest, 0), 'int32'));
  }
  const length = add(count, cast(negative, 'int32'));
  // Digit d of row r lies at d + 10 r; the character at a place is the digit at length - 1 - place.
  const flat = reshape(stack(digits, 1), [rows * DIGITS]);
  const places = reshape(range(0, WIDTH, 1, 'int32'), [1, WIDTH]);
  const digit = clipByValue(sub(sub(reshape(length, [rows, 1]), 1), places), 0, DIGITS - 1);
  const index = add(cast(digit, 'int32'), mul(reshape(range(0, rows, 1, 'int32'), [rows, 1]), int(DIGITS)));
  const characters = add(reshape(gather(flat, reshape(index, [-1])), [rows, WIDTH]), int(48));
  const signed = where(logicalAnd(reshape(negative, [rows, 1]), equal(places, 0)), int(45), characters);
  const inside = lessEqual(add(places, int(1)), reshape(length, [rows, 1]));
  return { bytes: cast(where(inside, signed, int(0)), 'float32'), length };
}

/** So many bytes of each row from a place of its own on (int32 `[n]`), or from one for all, filled up with zeros to eight. */
export function bytesAt({ bytes }: DecimalText, from: Tensor | number, count = 8): Tensor {
  const rows = bytes.shape[0]!;
  const start = typeof from === 'number' ? scalar(from, 'int32') : reshape(from, [rows, 1]);
  const place = add(reshape(range(0, 8, 1, 'int32'), [1, 8]), start);
  const index = add(
    cast(clipByValue(place, 0, WIDTH - 1), 'int32'),
    mul(reshape(range(0, rows, 1, 'int32'), [rows, 1]), scalar(WIDTH, 'int32')),
  );
  const read = reshape(gather(reshape(bytes, [rows * WIDTH]), reshape(index, [-1])), [rows, 8]);
  return count === 8 ? read : where(less(range(0, 8, 1, 'int32'), count), read, 0);
}
