import { storePart } from '../elementwise/binary';
import { Fused, runFused } from '../fused/span';
import { argument, floatArgument, setArgument, setFloatArgument } from '../pool/job';
import { firstLanes, sumOfLanes } from '../simd/lanes';
import { addTo, rowSpread, rowSum } from './rows';

/** Elements a unit of the forward pass covers. */
const UNIT: usize = 8192;

/**
 * y = (x - mean) * inverse * gamma + beta for each of `rows` rows of n: mean and inverse deviation, 1 / sqrt(variance + epsilon), are the row's own and kept
 * for the gradient. One pass over memory: a row stays in the cache.
 */
export function layerNorm(x: usize, gamma: usize, beta: usize, y: usize, mean: usize, inverse: usize, rows: usize, n: usize, epsilon: f32): void {
  if (rows == 0) return;
  setArgument(0, <u32>x);
  setArgument(1, <u32>gamma);
  setArgument(2, <u32>beta);
  setArgument(3, <u32>y);
  setArgument(4, <u32>mean);
  setArgument(5, <u32>inverse);
  setArgument(6, <u32>rows);
  setArgument(7, <u32>n);
  const perUnit = max<usize>(1, UNIT / max<usize>(1, n));
  setArgument(8, <u32>perUnit);
  setFloatArgument(9, epsilon);
  runFused(Fused.LayerNorm, <i32>((rows + perUnit - 1) / perUnit));
}

export function layerNormUnit(unit: i32): void {
  const gamma = <usize>argument(1), beta = <usize>argument(2), n = <usize>argument(7);
  const first = <usize>unit * argument(8), end = min<usize>(argument(6), first + argument(8));
  const epsilon = floatArgument(9), count = <f32>n;
  const whole = (n & ~3) << 2;
  for (let r = first; r < end; r++) {
    const x = <usize>argument(0) + (r * n << 2), y = <usize>argument(3) + (r * n << 2);
    const mean = rowSum(x, n) / count;
    const inverse: f32 = 1 / sqrt<f32>(rowSpread(x, n, mean) / count + epsilon);
    store<f32>(<usize>argument(4) + (r << 2), mean);
    store<f32>(<usize>argument(5) + (r << 2), inverse);
    const centre = f32x4.splat(mean), scale = f32x4.splat(inverse);
    for (let i: usize = 0; i < whole; i += 16) {
      const v = f32x4.mul(f32x4.sub(v128.load(x + i), centre), scale);
      v128.store(y + i, f32x4.add(f32x4.mul(v, v128.load(gamma + i)), v128.load(beta + i)));
    }
    if (n & 3) {
      const v = f32x4.mul(f32x4.sub(v128.load(x + whole), centre), scale);
      storePart(y + whole, f32x4.add(f32x4.mul(v, v128.load(gamma + whole)), v128.load(beta + whole)), n & 3);
    }
  }
}

/**
 * The gradients of `layerNorm` by x, gamma and beta in one pass, from what it kept. `scratch`: 2 (n + 3) numbers for each unit of `perUnit` rows; the units'
 * sums are added in order, so threads change nothing.
 */
export function layerNormGradient(
  dy: usize, x: usize, mean: usize, inverse: usize, gamma: usize, dx: usize, dGamma: usize, dBeta: usize, rows: usize, n: usize, perUnit: usize, scratch: usize,
): void {
  memory.fill(dGamma, 0, n << 2);
  memory.fill(dBeta, 0, n << 2);
  if (rows == 0 || n == 0) return;
  setArgument(0, <u32>dy);
  setArgument(1, <u32>x);
  setArgument(2, <u32>mean);
  setArgument(3, <u32>inverse);
  setArgument(4, <u32>gamma);
  setArgument(5, <u32>dx);
  setArgument(6, <u32>scratch);
  setArgument(7, <u32>rows);
  setArgument(8, <u32>n);
  setArgument(9, <u32>perUnit);
  const units = (rows + perUnit - 1) / perUnit;
  runFused(Fused.LayerNormGradient, <i32>units);
  const part = (n + 3 & ~3) << 2;
  for (let unit: usize = 0; unit < units; unit++) {
    addTo(dGamma, scratch + 2 * unit * part, n);
    addTo(dBeta, scratch + (2 * unit + 1) * part, n);
  }
}

export function layerNormGradientUnit(unit: i32): void {
  const gamma = <usize>argument(4), n = <usize>argument(8);
  const first = <usize>unit * argument(9), end = min<usize>(argument(7), first + argument(9));
  const part = (n + 3 & ~3) << 2;
  const sumGamma = <usize>argument(6) + 2 * <usize>unit * part, sumBeta = sumGamma + part;
  memory.fill(sumGamma, 0, 2 * part);
  const bytes = n << 2;
  const share: f32 = 1 / <f32>n;
  for (let r = first; r < end; r++) {
    const row = r * n << 2;
    const dy = <usize>argument(0) + row, x = <usize>argument(1) + row, dx = <usize>argument(5) + row;
    const centre = f32x4.splat(load<f32>(<usize>argument(2) + (r << 2))), scale = f32x4.splat(load<f32>(<usize>argument(3) + (r << 2)));
    let sum = f32x4.splat(0), product = sum;
    for (let i: usize = 0; i < bytes; i += 16) {
      let d = v128.load(dy + i);
      let v = f32x4.mul(f32x4.sub(v128.load(x + i), centre), scale);
      if (i + 16 > bytes) {
        const mask = firstLanes(n & 3);
        d = v128.and(d, mask);
        v = v128.and(v, mask);
      }
      v128.store(sumBeta + i, f32x4.add(v128.load(sumBeta + i), d));
      v128.store(sumGamma + i, f32x4.add(v128.load(sumGamma + i), f32x4.mul(d, v)));
      const g = f32x4.mul(d, v128.load(gamma + i));
      sum = f32x4.add(sum, i + 16 > bytes ? v128.and(g, firstLanes(n & 3)) : g);
      product = f32x4.add(product, i + 16 > bytes ? v128.and(f32x4.mul(g, v), firstLanes(n & 3)) : f32x4.mul(g, v));
    }
    const low = f32x4.splat(sumOfLanes(sum) * share), slope = f32x4.splat(sumOfLanes(product) * share);
    for (let i: usize = 0; i < bytes; i += 16) {
      const v = f32x4.mul(f32x4.sub(v128.load(x + i), centre), scale);
      const g = f32x4.mul(v128.load(dy + i), v128.load(gamma + i));
      const result = f32x4.mul(f32x4.sub(f32x4.sub(g, low), f32x4.mul(v, slope)), scale);
      if (i + 16 <= bytes) v128.store(dx + i, result);
      else storePart(dx + i, result, n & 3);
    }
  }
}
