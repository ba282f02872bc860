import { exp } from '../simd/exp';
import { lanesLeft, sumOfLanes } from '../simd/lanes';
import { log } from '../simd/log';
import { largestLane, storeLeft } from './chains';

/** The cross-entropy of rows of at most 16 classes, each in registers as a whole: see `crossEntropy`. */
// @ts-ignore: decorator
@inline
function rows(sparse: bool, labels: usize, x: usize, losses: usize, slope: usize, n: usize, count: usize): void {
  const m0 = lanesLeft(n, 0), m1 = lanesLeft(n, 16), m2 = lanesLeft(n, 32), m3 = lanesLeft(n, 48);
  const none = f32x4.splat(-Infinity), zero = f32x4.splat(0);
  const step = n << 2;
  for (; count > 0; count--, x += step, slope += step, losses += 4, labels += sparse ? 4 : step) {
    let a = v128.load(x), b = v128.load(x, 16), c = v128.load(x, 32), d = v128.load(x, 48);
    let high = f32x4.pmax(none, v128.bitselect(a, none, m0));
    if (n > 4) high = f32x4.pmax(high, v128.bitselect(b, none, m1));
    if (n > 8) high = f32x4.pmax(high, v128.bitselect(c, none, m2));
    if (n > 12) high = f32x4.pmax(high, v128.bitselect(d, none, m3));
    const top = largestLane(high), tops = f32x4.splat(top);
    // Behind the end of the row may be anything.
    a = v128.and(f32x4.sub(a, tops), m0);
    const e = v128.and(exp(a), m0);
    let f = zero, g = zero, h = zero;
    if (n > 4) { b = v128.and(f32x4.sub(b, tops), m1); f = v128.and(exp(b), m1); }
    if (n > 8) { c = v128.and(f32x4.sub(c, tops), m2); g = v128.and(exp(c), m2); }
    if (n > 12) { d = v128.and(f32x4.sub(d, tops), m3); h = v128.and(exp(d), m3); }
    const total = sumOfLanes(f32x4.add(f32x4.add(e, f), f32x4.add(g, h)));
    const logTotals = log(f32x4.splat(total));
    if (sparse) {
      const factors = f32x4.splat(1 / total);
      storeLeft(slope, f32x4.mul(e, factors), n, 0);
      if (n > 4) storeLeft(slope, f32x4.mul(f, factors), n, 16);
      if (n > 8) storeLeft(slope, f32x4.mul(g, factors), n, 32);
      if (n > 12) storeLeft(slope, f32x4.mul(h, factors), n, 48);
      const index = <usize>load<u32>(labels);
      if (index < n) {
        store<f32>(losses, f32x4.extract_lane(logTotals, 0) - (load<f32>(x + (index << 2)) - top));
        const at = slope + (index << 2);
        store<f32>(at, load<f32>(at) - 1);
      } else {
        // NaN logits show, whatever the label.
        store<f32>(losses, total * 0);
      }
      continue;
    }
    const k = v128.and(v128.load(labels), m0);
    let l = zero, m = zero, o = zero;
    let sum = f32x4.mul(k, f32x4.sub(a, logTotals));
    if (n > 4) { l = v128.and(v128.load(labels, 16), m1); sum = f32x4.add(sum, f32x4.mul(l, f32x4.sub(b, logTotals))); }
    if (n > 8) { m = v128.and(v128.load(labels, 32), m2); sum = f32x4.add(sum, f32x4.mul(m, f32x4.sub(c, logTotals))); }
    if (n > 12) { o = v128.and(v128.load(labels, 48), m3); sum = f32x4.add(sum, f32x4.mul(o, f32x4.sub(d, logTotals))); }
    store<f32>(losses, -sumOfLanes(sum));
    const factors = f32x4.splat(sumOfLanes(f32x4.add(f32x4.add(k, l), f32x4.add(m, o))) / total);
    storeLeft(slope, f32x4.sub(f32x4.mul(e, factors), k), n, 0);
    if (n > 4) storeLeft(slope, f32x4.sub(f32x4.mul(f, factors), l), n, 16);
    if (n > 8) storeLeft(slope, f32x4.sub(f32x4.mul(g, factors), m), n, 32);
    if (n > 12) storeLeft(slope, f32x4.sub(f32x4.mul(h, factors), o), n, 48);
  }
}

function sparseRows(labels: usize, x: usize, losses: usize, slope: usize, n: usize, count: usize): void { rows(true, labels, x, losses, slope, n, count); }
function denseRows(labels: usize, x: usize, losses: usize, slope: usize, n: usize, count: usize): void { rows(false, labels, x, losses, slope, n, count); }

export function shortCrossEntropy(sparse: bool, labels: usize, x: usize, losses: usize, slope: usize, n: usize, count: usize): void {
  if (sparse) sparseRows(labels, x, losses, slope, n, count);
  else denseRows(labels, x, losses, slope, n, count);
}
