import { storePart } from '../elementwise/binary';
import { Fused, runFused } from '../fused/span';
import { argument, lanes, setArgument } from '../pool/job';
import { firstLanes, sumOfLanes } from '../simd/lanes';

/** Elements a unit of work covers when there are threads. */
const UNIT: usize = 8192;

/** dx = y (dy - sum(dy y)), row by row: the gradient by what the softmax y of `count` rows of n came from. */
export function softmaxGradient(dy: usize, y: usize, dx: usize, count: usize, n: usize): void {
  setArgument(0, <u32>dy);
  setArgument(1, <u32>y);
  setArgument(2, <u32>dx);
  setArgument(3, <u32>count);
  setArgument(4, <u32>n);
  const perUnit = lanes() == 1 ? count : max<usize>(1, UNIT / max<usize>(1, n));
  setArgument(5, <u32>perUnit);
  if (count > 0) runFused(Fused.SoftmaxGradient, <i32>((count + perUnit - 1) / perUnit));
}

export function softmaxGradientUnit(unit: i32): void {
  const first = <usize>unit * argument(5);
  const end = min<usize>(argument(3), first + argument(5));
  const row = <usize>argument(4) << 2;
  for (let r = first; r < end; r++) gradientRow(argument(0) + r * row, argument(1) + r * row, argument(2) + r * row, argument(4));
}

function gradientRow(dy: usize, y: usize, dx: usize, n: usize): void {
  const whole = (n & ~3) << 2;
  let sums = f32x4.splat(0);
  for (let i: usize = 0; i < whole; i += 16) sums = f32x4.add(sums, f32x4.mul(v128.load(dy + i), v128.load(y + i)));
  // Behind the end of the row may be anything.
  if (n & 3) sums = f32x4.add(sums, v128.and(f32x4.mul(v128.load(dy + whole), v128.load(y + whole)), firstLanes(n & 3)));
  const sum = f32x4.splat(sumOfLanes(sums));
  for (let i: usize = 0; i < whole; i += 16) {
    const v = v128.load(y + i);
    v128.store(dx + i, f32x4.sub(f32x4.mul(v128.load(dy + i), v), f32x4.mul(sum, v)));
  }
  if (n & 3) {
    const v = v128.load(y + whole);
    storePart(dx + whole, f32x4.sub(f32x4.mul(v128.load(dy + whole), v), f32x4.mul(sum, v)), n & 3);
  }
}
