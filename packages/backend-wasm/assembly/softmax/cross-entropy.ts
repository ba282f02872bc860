import { storePart } from '../elementwise/binary';
import { exp } from '../simd/exp';
import { log } from '../simd/log';
import { across, last } from './softmax';

/** The largest of a row. */
// @ts-ignore: decorator
@inline
function highest(x: usize, n: usize): f32 {
  const whole = (n & ~3) << 2;
  let high = f32x4.splat(-Infinity);
  for (let i: usize = 0; i < whole; i += 16) high = f32x4.max(high, v128.load(x + i));
  if (n & 3) high = f32x4.max(high, last(v128.load(x + whole), n, -Infinity));
  return across(high, true);
}

/** Writes e^(x - top) of a row and returns the sum. */
// @ts-ignore: decorator
@inline
function exponentials(x: usize, y: usize, n: usize, top: f32): f32 {
  const whole = (n & ~3) << 2;
  const tops = f32x4.splat(top);
  let sum = f32x4.splat(0);
  for (let i: usize = 0; i < whole; i += 16) {
    const e = exp(f32x4.sub(v128.load(x + i), tops));
    sum = f32x4.add(sum, e);
    v128.store(y + i, e);
  }
  if (n & 3) {
    const e = last(exp(f32x4.sub(v128.load(x + whole), tops)), n, 0);
    sum = f32x4.add(sum, e);
    storePart(y + whole, e, n & 3);
  }
  return across(sum, false);
}

// @ts-ignore: decorator
@inline
function logOf(x: f32): f32 { return f32x4.extract_lane(log(f32x4.splat(x)), 0); }

/** loss[r] = -sum(labels * logSoftmax(logits)) and its slope softmax * sum(labels) - labels, for rows of n classes. */
export function crossEntropy(labels: usize, logits: usize, loss: usize, slope: usize, rows: usize, n: usize): void {
  for (let r: usize = 0; r < rows; r++) {
    const top = highest(logits, n);
    const sum = exponentials(logits, slope, n, top);
    const logSum = logOf(sum);
    let total: f32 = 0, weight: f32 = 0;
    for (let i: usize = 0; i < n << 2; i += 4) {
      const label = load<f32>(labels + i);
      weight += label;
      total += label * (logSum - (load<f32>(logits + i) - top));
    }
    store<f32>(loss + (r << 2), total);
    const factor = weight / sum;
    for (let i: usize = 0; i < n << 2; i += 4) store<f32>(slope + i, load<f32>(slope + i) * factor - load<f32>(labels + i));
    labels += n << 2;
    logits += n << 2;
    slope += n << 2;
  }
}

/** The same for class numbers. A number that is no class has loss 0 and the slope of labels that are all 0 but weigh 1. */
export function sparseCrossEntropy(labels: usize, logits: usize, loss: usize, slope: usize, rows: usize, n: usize): void {
  const whole = (n & ~3) << 2;
  for (let r: usize = 0; r < rows; r++) {
    const label = load<i32>(labels + (r << 2));
    const top = highest(logits, n);
    const sum = exponentials(logits, slope, n, top);
    const sums = f32x4.splat(sum);
    for (let i: usize = 0; i < whole; i += 16) v128.store(slope + i, f32x4.div(v128.load(slope + i), sums));
    for (let i = whole; i < n << 2; i += 4) store<f32>(slope + i, load<f32>(slope + i) / sum);
    if (<u32>label < <u32>n) {
      const at = <usize>label << 2;
      store<f32>(loss + (r << 2), logOf(sum) - (load<f32>(logits + at) - top));
      store<f32>(slope + at, load<f32>(slope + at) - 1);
    } else {
      store<f32>(loss + (r << 2), 0);
    }
    logits += n << 2;
    slope += n << 2;
  }
}
