import { Fused, runFused } from '../fused/span';
import { argument, setArgument } from '../pool/job';
import { highDoubles, lowDoubles, sumOfDoubles } from '../simd/lanes';

/** Elements a unit looks at. What the units found is joined in order, so threads change nothing. */
const UNIT: usize = 16384;
/** What a unit leaves: sums of distances and of their squares, of squares, minimum, maximum, number of zeros; float64 each. */
const PART: usize = 48;

/**
 * size, norm, mean, deviation, minimum, maximum and fraction of zeros of n elements into seven float32 numbers at `out`, in one pass. Sums are float64, of
 * distances to the first element: a small spread around a large mean keeps its digits. `scratch`: 48 bytes for each 16,384 elements.
 */
export function statistics(x: usize, n: usize, out: usize, scratch: usize): void {
  const units = max<usize>(1, (n + UNIT - 1) / UNIT);
  setArgument(0, <u32>x);
  setArgument(1, <u32>n);
  setArgument(2, <u32>scratch);
  const first = n > 0 ? load<f32>(x) : 0;
  // NaN or infinity taken off everything would leave no number at all.
  setArgument(3, reinterpret<u32>(first - first == 0 ? first : <f32>0));
  runFused(Fused.Statistics, <i32>units);
  let distance: f64 = 0, spread: f64 = 0, squares: f64 = 0, low: f64 = Infinity, high: f64 = -Infinity, zeros: f64 = 0;
  for (let p = scratch, end = scratch + units * PART; p < end; p += PART) {
    distance += load<f64>(p);
    spread += load<f64>(p, 8);
    squares += load<f64>(p, 16);
    low = min<f64>(low, load<f64>(p, 24));
    high = max<f64>(high, load<f64>(p, 32));
    zeros += load<f64>(p, 40);
  }
  const size = <f64>n;
  const offset = distance / size;
  store<f32>(out, <f32>size);
  store<f32>(out, n > 0 ? <f32>sqrt<f64>(squares) : NaN, 4);
  store<f32>(out, <f32>(<f64>reinterpret<f32>(argument(3)) + offset), 8);
  // A variance below zero is rounding; max keeps NaN.
  store<f32>(out, <f32>sqrt<f64>(max<f64>(0, spread / size - offset * offset)), 12);
  store<f32>(out, n > 0 ? <f32>low : NaN, 16);
  store<f32>(out, n > 0 ? <f32>high : NaN, 20);
  store<f32>(out, <f32>(zeros / size), 24);
}

export function statisticsUnit(unit: i32): void {
  const begin = <usize>unit * UNIT;
  const n = min<usize>(UNIT, argument(1) - begin);
  const shift = <f64>reinterpret<f32>(argument(3));
  const shifts = f64x2.splat(shift);
  let x = argument(0) + (begin << 2);
  const whole = x + ((n & ~3) << 2), end = x + (n << 2);
  let a = f64x2.splat(0), b = a, c = a, d = a, e = a, f = a;
  let low = f32x4.splat(Infinity), high = f32x4.splat(-Infinity), count = i32x4.splat(0);
  for (; x < whole; x += 16) {
    const v = v128.load(x);
    const v0 = lowDoubles(v), v1 = highDoubles(v);
    const d0 = f64x2.sub(v0, shifts), d1 = f64x2.sub(v1, shifts);
    a = f64x2.add(a, d0);
    b = f64x2.add(b, d1);
    c = f64x2.add(c, f64x2.mul(d0, d0));
    d = f64x2.add(d, f64x2.mul(d1, d1));
    e = f64x2.add(e, f64x2.mul(v0, v0));
    f = f64x2.add(f, f64x2.mul(v1, v1));
    low = f32x4.min(low, v);
    high = f32x4.max(high, v);
    count = i32x4.sub(count, f32x4.eq(v, f32x4.splat(0)));
  }
  let distance = sumOfDoubles(f64x2.add(a, b)), spread = sumOfDoubles(f64x2.add(c, d)), squares = sumOfDoubles(f64x2.add(e, f));
  let smallest = min(min(f32x4.extract_lane(low, 0), f32x4.extract_lane(low, 1)), min(f32x4.extract_lane(low, 2), f32x4.extract_lane(low, 3)));
  let largest = max(max(f32x4.extract_lane(high, 0), f32x4.extract_lane(high, 1)), max(f32x4.extract_lane(high, 2), f32x4.extract_lane(high, 3)));
  let zeros = i32x4.extract_lane(count, 0) + i32x4.extract_lane(count, 1) + i32x4.extract_lane(count, 2) + i32x4.extract_lane(count, 3);
  for (; x < end; x += 4) {
    const v = load<f32>(x);
    const gap = <f64>v - shift;
    distance += gap;
    spread += gap * gap;
    squares += <f64>v * <f64>v;
    smallest = min<f32>(smallest, v);
    largest = max<f32>(largest, v);
    if (v == 0) zeros++;
  }
  const to = <usize>argument(2) + <usize>unit * PART;
  store<f64>(to, distance);
  store<f64>(to, spread, 8);
  store<f64>(to, squares, 16);
  store<f64>(to, <f64>smallest, 24);
  store<f64>(to, <f64>largest, 32);
  store<f64>(to, <f64>zeros, 40);
}
