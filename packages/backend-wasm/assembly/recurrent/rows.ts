import { TILE_ROWS } from '../gemm/tile';
import { storePart } from '../elementwise/binary';
import { argument, lanes, setArgument } from '../pool/job';
import { sigmoid } from '../simd/exp';
import { sigmoidPair } from '../simd/exp-pair';

// A unit of a recurrent kernel is a part of the batch through all steps: no thread waits for another one between two steps, and what a unit computes does not
// depend on how the batch is divided.

/** Where the sizes of the running sequence are. */
const BATCH_ARGUMENT: i32 = 30;
const STEPS_ARGUMENT: i32 = 31;
const UNITS_ARGUMENT: i32 = 32;
const ROWS_ARGUMENT: i32 = 33;
const MASK_ARGUMENT: i32 = 34;

/** Examples of a unit: two units a thread, of at least two tiles. */
// @ts-ignore: decorator
@inline
export function rowsPerUnit(batch: i32): i32 {
  const parts = lanes() * 2;
  return min(batch, max(2 * TILE_ROWS, (batch + parts - 1) / parts));
}

// @ts-ignore: decorator
@inline
export function unitsOf(batch: i32): i32 { return (batch + rowsPerUnit(batch) - 1) / rowsPerUnit(batch); }

export function setSizes(batch: i32, steps: i32, units: i32, mask: usize): void {
  setArgument(BATCH_ARGUMENT, batch);
  setArgument(STEPS_ARGUMENT, steps);
  setArgument(UNITS_ARGUMENT, units);
  setArgument(ROWS_ARGUMENT, rowsPerUnit(batch));
  setArgument(MASK_ARGUMENT, <u32>mask);
}

// @ts-ignore: decorator
@inline
export function stepCount(): i32 { return <i32>argument(STEPS_ARGUMENT); }
// @ts-ignore: decorator
@inline
export function unitCount(): usize { return <usize>argument(UNITS_ARGUMENT); }
/** Examples of a unit, but for the last one. */
// @ts-ignore: decorator
@inline
export function unitRows(): i32 { return <i32>argument(ROWS_ARGUMENT); }
/** The first example of a unit, and the one after its last. */
// @ts-ignore: decorator
@inline
export function firstRow(unit: i32): i32 { return unit * <i32>argument(ROWS_ARGUMENT); }
// @ts-ignore: decorator
@inline
export function endRow(unit: i32): i32 { return min<i32>(firstRow(unit) + <i32>argument(ROWS_ARGUMENT), <i32>argument(BATCH_ARGUMENT)); }

/** Whether the step of an example counts; `at` is its place in [batch, steps]. */
// @ts-ignore: decorator
@inline
export function counts(at: usize): bool {
  const mask = <usize>argument(MASK_ARGUMENT);
  return mask == 0 || load<u8>(mask + at) != 0;
}

/** Stores a vector of a row of `bytes` bytes: whole, or what is left of the row. */
// @ts-ignore: decorator
@inline
export function put(to: usize, i: usize, bytes: usize, value: v128): void {
  if (i + 16 <= bytes) v128.store(to + i, value);
  else storePart(to + i, value, (bytes - i) >> 2);
}

/** y += x for a row of `bytes` bytes. */
export function addRow(x: usize, y: usize, bytes: usize): void {
  for (let j: usize = 0; j < bytes; j += 16) put(y, j, bytes, f32x4.add(v128.load(y + j), v128.load(x + j)));
}

/** The sigmoid of a row of `bytes` bytes. */
export function sigmoids(x: usize, y: usize, bytes: usize): void {
  let i: usize = 0;
  for (; i + 32 <= bytes; i += 32) sigmoidPair(v128.load(x + i), v128.load(x + i, 16), y + i);
  for (; i < bytes; i += 16) put(y, i, bytes, sigmoid(v128.load(x + i)));
}

/** The sigmoid of the sum of two rows. */
export function sumSigmoids(a: usize, b: usize, y: usize, bytes: usize): void {
  let i: usize = 0;
  for (; i + 32 <= bytes; i += 32)
    sigmoidPair(f32x4.add(v128.load(a + i), v128.load(b + i)), f32x4.add(v128.load(a + i, 16), v128.load(b + i, 16)), y + i);
  for (; i < bytes; i += 16) put(y, i, bytes, sigmoid(f32x4.add(v128.load(a + i), v128.load(b + i))));
}

/** value (1 - value): the slope of a sigmoid. */
// @ts-ignore: decorator
@inline
export function sigmoidSlope(value: v128): v128 { return f32x4.sub(value, f32x4.mul(value, value)); }

/** 1 - value^2: the slope of tanh. */
// @ts-ignore: decorator
@inline
export function tanhSlope(value: v128): v128 { return f32x4.sub(f32x4.splat(1), f32x4.mul(value, value)); }

/** The bytes from one example to the next of what a unit works in: whole tiles, and not a power of two, which would fall on the same cache lines. */
// @ts-ignore: decorator
@inline
export function partStep(columns: i32): usize { return (<usize>(columns + 7 & ~7) << 2) + 64; }

/** Puts a bias into each row of the parts, or zeros. */
export function startParts(parts: usize, step: usize, rows: i32, bias: usize, bytes: usize): void {
  for (let r = 0; r < rows; r++) {
    if (bias == 0) memory.fill(parts, 0, bytes);
    else memory.copy(parts, bias, bytes);
    parts += step;
  }
}
