import { storePart } from '../elementwise/binary';
import { Fused, runFused } from '../fused/span';
import { argument, lanes, setArgument } from '../pool/job';
import { exp } from '../simd/exp';
import { firstLanes, sumOfLanes } from '../simd/lanes';
import { log } from '../simd/log';
import { exponentials, largest, scaleVectors } from './chains';
import { shortCrossEntropy } from './short-cross-entropy';

/** Elements a unit of work covers when there are threads. */
const UNIT: usize = 8192;

/**
 * Cross-entropy between `labels` and the softmax of `logits`, `count` rows of n: the losses, and their slope by the logits. sparse: labels are class
 * numbers, int32, one a row, and one that is no class counts as none; else they are rows of float32.
 */
export function crossEntropy(sparse: bool, labels: usize, logits: usize, losses: usize, slope: usize, count: usize, n: usize): void {
  setArgument(0, sparse);
  setArgument(1, <u32>labels);
  setArgument(2, <u32>logits);
  setArgument(3, <u32>losses);
  setArgument(4, <u32>slope);
  setArgument(5, <u32>count);
  setArgument(6, <u32>n);
  const perUnit = lanes() == 1 ? count : max<usize>(1, UNIT / max<usize>(1, n));
  setArgument(7, <u32>perUnit);
  if (count > 0) runFused(Fused.CrossEntropy, <i32>((count + perUnit - 1) / perUnit));
}

export function crossEntropyUnit(unit: i32): void {
  const first = <usize>unit * argument(7);
  const end = min<usize>(argument(5), first + argument(7));
  const n = <usize>argument(6);
  if (n <= 16) return shortCrossEntropy(argument(0) != 0, <usize>argument(1) + (argument(0) ? first << 2 : first * n << 2), argument(2) + (first * n << 2), argument(3) + (first << 2), argument(4) + (first * n << 2), n, end - first);
  if (argument(0)) for (let r = first; r < end; r++) sparseRow(<usize>argument(1) + (r << 2), argument(2) + (r * n << 2), argument(3) + (r << 2), argument(4) + (r * n << 2), n);
  else for (let r = first; r < end; r++) denseRow(<usize>argument(1) + (r * n << 2), argument(2) + (r * n << 2), argument(3) + (r << 2), argument(4) + (r * n << 2), n);
}

// The last exponentials of a row whose end is inside a vector are not stored before they are final: to load again what was stored in parts takes long.

function sparseRow(label: usize, x: usize, loss: usize, slope: usize, n: usize): void {
  const top = largest(x, n);
  const tops = f32x4.splat(top);
  const whole = (n & ~3) << 2;
  let sums = exponentials(x, slope, whole, tops), rest = f32x4.splat(0);
  if (n & 3) {
    rest = v128.and(exp(f32x4.sub(v128.load(x + whole), tops)), firstLanes(n & 3));
    sums = f32x4.add(sums, rest);
  }
  const sum = sumOfLanes(sums);
  const factor: f32 = 1 / sum;
  scaleVectors(slope, whole, factor);
  if (n & 3) storePart(slope + whole, f32x4.mul(rest, f32x4.splat(factor)), n & 3);
  const index = <usize>load<u32>(label);
  if (index >= n) {
    // NaN logits show, whatever the label.
    store<f32>(loss, sum * 0);
    return;
  }
  const at = slope + (index << 2);
  store<f32>(at, load<f32>(at) - 1);
  store<f32>(loss, f32x4.extract_lane(log(f32x4.splat(sum)), 0) - (load<f32>(x + (index << 2)) - top));
}

function denseRow(labels: usize, x: usize, loss: usize, slope: usize, n: usize): void {
  const top = f32x4.splat(largest(x, n));
  const whole = (n & ~3) << 2;
  let sums = exponentials(x, slope, whole, top), rest = f32x4.splat(0), label = rest;
  if (n & 3) {
    const mask = firstLanes(n & 3);
    rest = v128.and(exp(f32x4.sub(v128.load(x + whole), top)), mask);
    label = v128.and(v128.load(labels + whole), mask);
    sums = f32x4.add(sums, rest);
  }
  const total = f32x4.splat(sumOfLanes(sums));
  const logTotal = log(total);
  let weights = label, sum = f32x4.splat(0);
  // Behind the end of the row may be anything: a product with 0 would not do.
  if (n & 3) sum = v128.and(f32x4.mul(label, f32x4.sub(f32x4.sub(v128.load(x + whole), top), logTotal)), firstLanes(n & 3));
  for (let i: usize = 0; i < whole; i += 16) {
    const l = v128.load(labels + i);
    weights = f32x4.add(weights, l);
    sum = f32x4.add(sum, f32x4.mul(l, f32x4.sub(f32x4.sub(v128.load(x + i), top), logTotal)));
  }
  store<f32>(loss, -sumOfLanes(sum));
  const weight = f32x4.splat(sumOfLanes(weights) / f32x4.extract_lane(total, 0));
  for (let i: usize = 0; i < whole; i += 16) v128.store(slope + i, f32x4.sub(f32x4.mul(v128.load(slope + i), weight), v128.load(labels + i)));
  if (n & 3) storePart(slope + whole, f32x4.sub(f32x4.mul(rest, weight), label), n & 3);
}
