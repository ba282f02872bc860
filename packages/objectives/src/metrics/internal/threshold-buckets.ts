import {
  add,
  cast,
  ceil,
  cumsum,
  expandDims,
  gather,
  greater,
  maximum,
  minimum,
  mul,
  notEqual,
  range,
  reshape,
  scatterND,
  slice,
  squeeze,
  stack,
  sub,
  sum,
  tensor1d,
  zeros,
  type Tensor,
} from '@tensorflow/tfjs-core';
import { filled } from '../../internal/filled.js';
import { addCompensated } from './compensated-sum.js';

/** What predictions are compared with. */
export interface Thresholds {
  /** At least one, in any order. */
  readonly values: readonly number[];
  /** They are `i / (n - 1)`, so that a bucket is found by arithmetic. The first and last may lie a little outside of [0, 1]. */
  readonly even: boolean;
  /** The first lies below 0: every prediction, clipped to [0, 1], is above it. */
  readonly open: boolean;
}

/** How many predictions were above (p) and not above (n) each threshold, rightly (t) or wrongly (f): [thresholds] or [thresholds, labels]. */
export interface Counts {
  readonly tp: Tensor;
  readonly fp: Tensor;
  readonly tn: Tensor;
  readonly fn: Tensor;
}

/** Whether thresholds are `i / (n - 1)`, as near as Keras asks for. */
export function isEven(values: readonly number[]): boolean {
  const near = (value: number, even: number): boolean => Math.abs(value - even) <= 1e-7 + 1e-5 * Math.abs(even);
  return values.length >= 3 && values.every((value, index) => near(value, index / (values.length - 1)));
}

/**
 * Sums weights by the bucket between two thresholds that a prediction falls into: O(predictions + thresholds) where thresholds are even. The state
 * is [thresholds + 1, labels, 2] twice, sums and what they lack; the last axis is positive and negative targets. A NaN is above no threshold.
 */
export function startBuckets({ values }: Thresholds): Tensor[] {
  const shape = [values.length + 1, 1, 2];
  return [zeros(shape), zeros(shape)];
}

/** Adds a batch: targets, predictions and weights (where there are any) of one shape [..., labels], labels 1 where they are not told apart. */
export function addToBuckets(
  [sums, lack]: readonly Tensor[],
  thresholds: Thresholds,
  targets: Tensor,
  predictions: Tensor,
  weights: Tensor | undefined,
): Tensor[] {
  const labels = predictions.shape.at(-1)!;
  const size = thresholds.values.length + 1;
  const positive = cast(notEqual(targets, filled(0)), 'float32');
  const both = stack([positive, sub(filled(1), positive)], -1);
  const weighted = weights === undefined ? both : mul(both, expandDims(weights, -1));
  const buckets = bucketOf(thresholds, predictions);
  const cells = labels === 1 ? buckets : add(mul(buckets, filled(labels, 'int32')), range(0, labels, 1, 'int32'));
  const batch = scatterND(reshape(cells, [-1, 1]), reshape(weighted, [-1, 2]), [size * labels, 2]);
  return addCompensated([sums!, lack!], reshape(batch, [size, labels, 2]));
}

/** The counts so far, for each threshold in the order that they were given. */
export function countsOf([sums, lack]: readonly Tensor[], { values }: Thresholds): Counts {
  const cumulative = cumsum(sub(sums!, lack!), 0, false, true);
  const [, labels] = cumulative.shape as [number, number, number];
  const total = slice(cumulative, [0, 0, 0], [1, labels, 2]);
  const sorted = slice(cumulative, [1, 0, 0], [values.length, labels, 2]);
  const places = sortedPlaces(values);
  const above = places === undefined ? sorted : gather(sorted, tensor1d(places, 'int32'), 0);
  const part = (counts: Tensor, index: number): Tensor => {
    const one = squeeze(slice(counts, [0, 0, index], [values.length, labels, 1]), [2]);
    return labels === 1 ? squeeze(one, [1]) : one;
  };
  const below = sub(total, above);
  return { tp: part(above, 0), fp: part(above, 1), fn: part(below, 0), tn: part(below, 1) };
}

/** How many thresholds a prediction is above. */
function bucketOf({ values, even, open }: Thresholds, predictions: Tensor): Tensor {
  if (even) {
    // As Keras: (i / n, (i + 1) / n] is the bucket i + 1. Minimum and maximum keep NaN, which then becomes 0.
    const clipped = minimum(maximum(predictions, filled(0)), filled(1));
    const place = ceil(mul(clipped, filled(values.length - 1)));
    return cast(open ? maximum(place, filled(1)) : place, 'int32');
  }
  const [first] = values;
  if (values.length === 1) return cast(greater(predictions, filled(first!)), 'int32');
  return sum(cast(greater(expandDims(predictions, -1), tensor1d([...values])), 'int32'), -1);
}

/** The place of each threshold among the sorted ones, or undefined where they are sorted. */
function sortedPlaces(values: readonly number[]): number[] | undefined {
  if (values.every((value, index) => index === 0 || values[index - 1]! <= value)) return undefined;
  const sorted = [...values].sort((a, b) => a - b);
  return values.map((value) => sorted.lastIndexOf(value));
}
