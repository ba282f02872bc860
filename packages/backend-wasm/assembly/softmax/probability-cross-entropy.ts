import { storePart } from '../elementwise/binary';
import { Fused, runFused } from '../fused/span';
import { argument, floatArgument, lanes, setArgument, setFloatArgument } from '../pool/job';
import { firstLanes, sumOfLanes } from '../simd/lanes';
import { sumOfVectors } from './chains';
import { log } from '../simd/log';

/** Elements a unit of work covers when there are threads. */
const UNIT: usize = 8192;

/**
 * Cross-entropy between `labels` and probabilities, `count` rows of n: each row is divided by its sum and clipped to [epsilon, 1 - epsilon]. Gives the
 * losses, and their slope by the probabilities. sparse: labels are class numbers, int32, one a row; else they are rows of float32.
 */
export function probabilityCrossEntropy(sparse: bool, labels: usize, p: usize, losses: usize, slope: usize, count: usize, n: usize, low: f32, high: f32): void {
  setArgument(0, sparse);
  setArgument(1, <u32>labels);
  setArgument(2, <u32>p);
  setArgument(3, <u32>losses);
  setArgument(4, <u32>slope);
  setArgument(5, <u32>count);
  setArgument(6, <u32>n);
  setFloatArgument(7, low);
  setFloatArgument(8, high);
  const perUnit = lanes() == 1 ? count : max<usize>(1, UNIT / max<usize>(1, n));
  setArgument(9, <u32>perUnit);
  if (count > 0) runFused(Fused.ProbabilityCrossEntropy, <i32>((count + perUnit - 1) / perUnit));
}

export function probabilityCrossEntropyUnit(unit: i32): void {
  const first = <usize>unit * argument(9);
  const end = min<usize>(argument(5), first + argument(9));
  const n = <usize>argument(6);
  for (let r = first; r < end; r++) {
    const p = argument(2) + (r * n << 2), loss = argument(3) + (r << 2), slope = argument(4) + (r * n << 2);
    if (argument(0)) sparseRow(<usize>argument(1) + (r << 2), p, loss, slope, n);
    else denseRow(<usize>argument(1) + (r * n << 2), p, loss, slope, n);
  }
}

function sumOfRow(p: usize, n: usize): f32 {
  const whole = (n & ~3) << 2;
  let sums = sumOfVectors(p, whole);
  if (n & 3) sums = f32x4.add(sums, v128.and(v128.load(p + whole), firstLanes(n & 3)));
  return sumOfLanes(sums);
}

function sparseRow(label: usize, p: usize, loss: usize, slope: usize, n: usize): void {
  const total = sumOfRow(p, n);
  const index = <usize>load<u32>(label);
  // A number that is not finite shows, whatever the label.
  const broken = total - total;
  let ratio: f32 = broken, weight: f32 = broken;
  store<f32>(loss, broken);
  if (index < n) {
    const q = load<f32>(p + (index << 2)) / total;
    const clipped = min<f32>(max<f32>(q, floatArgument(7)), floatArgument(8));
    store<f32>(loss, broken - f32x4.extract_lane(log(f32x4.splat(clipped)), 0));
    if (q == clipped) ratio += 1 / clipped;
    // Every probability has a part in the sum; the label's own is corrected below.
    weight += ratio * q / total;
  }
  const weights = f32x4.splat(weight);
  const whole = (n & ~3) << 2;
  for (let i: usize = 0; i < whole; i += 16) v128.store(slope + i, weights);
  if (n & 3) storePart(slope + whole, weights, n & 3);
  if (index < n) store<f32>(slope + (index << 2), weight - ratio / total);
}

function denseRow(labels: usize, p: usize, loss: usize, slope: usize, n: usize): void {
  const totals = f32x4.splat(sumOfRow(p, n));
  const low = f32x4.splat(floatArgument(7)), high = f32x4.splat(floatArgument(8));
  let losses = f32x4.splat(0), weights = losses;
  for (let i: usize = 0, bytes = n << 2; i < bytes; i += 16) {
    const left = n - (i >> 2);
    // Behind the end of the row may be anything.
    const mask = firstLanes(min<usize>(4, left));
    const q = v128.and(f32x4.div(v128.load(p + i), totals), mask);
    const clipped = f32x4.min(f32x4.max(q, low), high);
    const label = v128.and(v128.load(labels + i), mask);
    losses = f32x4.add(losses, v128.and(f32x4.mul(label, log(clipped)), mask));
    const ratio = v128.and(f32x4.div(label, clipped), f32x4.eq(q, clipped));
    weights = f32x4.add(weights, f32x4.mul(ratio, q));
    if (left >= 4) v128.store(slope + i, ratio);
    else storePart(slope + i, ratio, left);
  }
  store<f32>(loss, -sumOfLanes(losses));
  const weight = f32x4.splat(sumOfLanes(weights));
  for (let i: usize = 0, bytes = n << 2; i < bytes; i += 16) {
    const left = n - (i >> 2);
    const v = f32x4.div(f32x4.sub(weight, v128.load(slope + i)), totals);
    if (left >= 4) v128.store(slope + i, v);
    else storePart(slope + i, v, left);
  }
}
