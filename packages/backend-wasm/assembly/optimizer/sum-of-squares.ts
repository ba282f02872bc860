import { Fused, runFused } from '../fused/span';
import { argument, setArgument } from '../pool/job';
import { highDoubles, lowDoubles, sumOfDoubles } from '../simd/lanes';

/** Elements a unit sums. The units' sums are added in order, so threads change nothing. */
const UNIT: usize = 16384;

/** The sum of squares of n elements in float64, so that neither squares nor their sum overflow. `scratch`: 8 bytes for each 16,384 elements. */
export function sumOfSquares(x: usize, n: usize, scratch: usize): f64 {
  if (n == 0) return 0;
  setArgument(0, <u32>x);
  setArgument(1, <u32>n);
  setArgument(2, <u32>scratch);
  const units = (n + UNIT - 1) / UNIT;
  runFused(Fused.SumOfSquares, <i32>units);
  let sum: f64 = 0;
  for (let unit: usize = 0; unit < units; unit++) sum += load<f64>(scratch + (unit << 3));
  return sum;
}

export function sumOfSquaresUnit(unit: i32): void {
  const first = <usize>unit * UNIT;
  const n = min<usize>(UNIT, argument(1) - first);
  let x = argument(0) + (first << 2);
  const whole = x + ((n & ~7) << 2), end = x + (n << 2);
  let a = f64x2.splat(0), b = a, c = a, d = a;
  for (; x < whole; x += 32) {
    const v = v128.load(x), w = v128.load(x, 16);
    const v0 = lowDoubles(v), v1 = highDoubles(v), w0 = lowDoubles(w), w1 = highDoubles(w);
    a = f64x2.add(a, f64x2.mul(v0, v0));
    b = f64x2.add(b, f64x2.mul(v1, v1));
    c = f64x2.add(c, f64x2.mul(w0, w0));
    d = f64x2.add(d, f64x2.mul(w1, w1));
  }
  let sum = sumOfDoubles(f64x2.add(f64x2.add(a, b), f64x2.add(c, d)));
  for (; x < end; x += 4) {
    const v = <f64>load<f32>(x);
    sum += v * v;
  }
  store<f64>(<usize>argument(2) + (<usize>unit << 3), sum);
}
