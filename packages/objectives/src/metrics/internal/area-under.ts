import {
  add,
  div,
  divNoNan,
  equal,
  greater,
  log,
  logicalAnd,
  maximum,
  mean,
  minimum,
  mul,
  onesLike,
  relu,
  slice,
  sub,
  sum,
  tensor1d,
  where as select,
  zerosLike,
  type Tensor,
} from '@tensorflow/tfjs-core';
import { filled } from '../../internal/filled.js';
import { shares } from './at-metric.js';
import type { Counts } from './threshold-buckets.js';

/** Which curve the area is under. */
export type Curve = 'ROC' | 'PR' | 'PRGAIN';
/** How the area between two points of the curve is taken. */
export type Summation = 'interpolation' | 'majoring' | 'minoring';

/** The area under a curve whose points are counts at rising thresholds: [thresholds] to a scalar, [thresholds, labels] to [labels]. */
export function areaUnder(curve: Curve, summation: Summation, counts: Counts): Tensor {
  if (curve === 'PR' && summation === 'interpolation') return interpolatedPrecision(counts);
  const { x, y } = points(curve, counts);
  const [left, right] = [head(y), tail(y)];
  const heights = { interpolation: midpoint, majoring: maximum, minoring: minimum }[summation](left, right);
  return sum(mul(sub(head(x), tail(x)), heights), 0);
}

/** The mean over labels, weighted where there are weights. */
export function meanOfLabels(area: Tensor, labelWeights: readonly number[] | null): Tensor {
  if (labelWeights === null) return mean(area);
  const weights = tensor1d([...labelWeights]);
  return divNoNan(sum(mul(area, weights)), sum(weights));
}

const midpoint = (a: Tensor, b: Tensor): Tensor => div(add(a, b), filled(2));

function points(curve: Curve, counts: Counts): { readonly x: Tensor; readonly y: Tensor } {
  const { tp, fp, tn, fn } = counts;
  if (curve === 'ROC') return { x: divNoNan(fp, add(fp, tn)), y: shares.recall(counts) };
  if (curve === 'PR') return { x: shares.recall(counts), y: shares.precision(counts) };
  const odds = divNoNan(add(tp, fn), add(tn, fp));
  const gain = (wrong: Tensor): Tensor => sub(filled(1), mul(odds, divNoNan(wrong, tp)));
  const none = equal(tp, filled(0));
  return { x: relu(select(none, zerosLike(tp), gain(fn))), y: select(none, onesLike(tp), gain(fp)) };
}

/**
 * Davis and Goadrich: between two thresholds true positives grow linearly with all positives P, `tp = slope P + intercept`, so that precision
 * `tp / P` has the area `slope (dtp + intercept log(P_a / P_b)) / positives`.
 */
function interpolatedPrecision({ tp, fp, fn }: Counts): Tensor {
  const predicted = add(tp, fp);
  const [before, after] = [head(predicted), tail(predicted)];
  const gained = sub(head(tp), tail(tp));
  const slope = divNoNan(gained, relu(sub(before, after)));
  const intercept = sub(tail(tp), mul(slope, after));
  const both = logicalAnd(greater(before, filled(0)), greater(after, filled(0)));
  const ratio = select(both, divNoNan(before, relu(after)), onesLike(after));
  const area = mul(slope, add(gained, mul(intercept, log(ratio))));
  return sum(divNoNan(area, relu(add(tail(tp), tail(fn)))), 0);
}

/** All but the last threshold. */
function head(x: Tensor): Tensor {
  return slice(x, 0, x.shape[0]! - 1);
}

/** All but the first threshold. */
function tail(x: Tensor): Tensor {
  return slice(x, 1, x.shape[0]! - 1);
}
