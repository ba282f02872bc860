import { Fused, runFused } from '../fused/span';
import { argument, lanes, setArgument } from '../pool/job';
import { madd } from '../simd/madd';

/** Floats of the result that a unit makes when there are threads. */
const SPAN: i32 = 16_384;

/**
 * y[o, r, :] is a sum of rows of x[o, :, :] with weights, for rows of `inner` values: `bands` has for each r the first row, the number of rows, and `taps` places for their
 * weights. `from` and `to` are the numbers of rows. Each element is one sum in ascending order of rows.
 */
export function resample(x: usize, y: usize, outer: i32, from: i32, to: i32, inner: i32, bands: usize, taps: i32): void {
  if (outer == 0 || to == 0 || inner == 0) return;
  const rows = outer * to;
  const perUnit = lanes() == 1 ? rows : max(1, SPAN / inner);
  setArgument(0, <u32>x);
  setArgument(1, <u32>y);
  setArgument(2, rows);
  setArgument(3, from);
  setArgument(4, to);
  setArgument(5, inner);
  setArgument(6, <u32>bands);
  setArgument(7, taps);
  setArgument(8, perUnit);
  runFused(Fused.Resample, (rows + perUnit - 1) / perUnit);
}

export function resampleUnit(unit: i32): void {
  const first = unit * <i32>argument(8), end = min<i32>(first + <i32>argument(8), <i32>argument(2));
  const to = <i32>argument(4);
  const bytes = <usize>argument(5) << 2, image = <usize>argument(3) * bytes;
  const step = <usize>(<i32>argument(7) + 2) << 2;
  for (let row = first; row < end; row++) {
    const band = <usize>argument(6) + <usize>(row % to) * step;
    const x = argument(0) + <usize>(row / to) * image + load<u32>(band) * bytes;
    weighted(x, load<i32>(band, 4), band + 8, argument(1) + <usize>row * bytes, bytes);
  }
}

/** The sum of `count` rows that lie one after the other, each times its weight. */
function weighted(x: usize, count: i32, weights: usize, y: usize, bytes: usize): void {
  let i: usize = 0;
  for (; i + 16 <= bytes; i += 16) {
    let sum = f32x4.splat(0);
    let at = x + i;
    for (let tap = 0; tap < count; tap++) {
      sum = madd(v128.load32_splat(weights + (<usize>tap << 2)), v128.load(at), sum);
      at += bytes;
    }
    v128.store(y + i, sum);
  }
  for (; i < bytes; i += 4) {
    let sum: f32 = 0;
    let at = x + i;
    for (let tap = 0; tap < count; tap++) {
      sum += load<f32>(weights + (<usize>tap << 2)) * load<f32>(at);
      at += bytes;
    }
    store<f32>(y + i, sum);
  }
}
