import { checkNumber, GradstreamError, type Json } from '@gradstream/core';
import {
  cast,
  expandDims,
  oneHot,
  reshape,
  slice,
  sum,
  tidy,
  topk,
  where as select,
  type Tensor,
} from '@tensorflow/tfjs-core';
import { filled } from '../../internal/filled.js';
import type { Metric } from '../metric-contract.js';
import { alignValues } from './align-values.js';
import { alignWeights } from './align-weights.js';
import { checkNumbers, checkOptionalInteger } from './check-metric-options.js';
import { addToBuckets, countsOf, isEven, startBuckets, type Counts, type Thresholds } from './threshold-buckets.js';

/** Below every score and every threshold, in float32: Keras' -1e10. */
const BELOW_ALL = -1e10;

/** Options of metrics that compare predictions with thresholds, as they were given. */
export interface ThresholdOptions {
  readonly thresholds?: number | readonly number[] | null;
  readonly topK?: number | null;
  readonly classId?: number | null;
}

/** What a metric of counts at thresholds is made of. */
export interface ThresholdMetric {
  readonly type: string;
  readonly name: string;
  readonly where: string;
  readonly direction?: 'up' | 'down';
  readonly settings: Readonly<Record<string, Json>>;
  readonly thresholds: Thresholds;
  readonly topK?: number | null;
  readonly classId?: number | null;
  /** The result from the counts, each [thresholds]. */
  readonly result: (counts: Counts) => Tensor;
  /** Whether the result has one number for each threshold, a scalar for a single one. Default false: a scalar. */
  readonly each?: boolean;
}

/** Checks the options that precision, recall and the four counts have in common, and gives them as a config has them. */
export function checkThresholdOptions(
  where: string,
  { thresholds, topK, classId }: ThresholdOptions,
): {
  readonly thresholds: Thresholds;
  readonly topK: number | null;
  readonly classId: number | null;
  readonly given: Json;
} {
  const k = checkOptionalInteger(where, 'topK', topK, 1);
  const id = checkOptionalInteger(where, 'classId', classId, 0);
  const range = { min: 0, max: 1 };
  if (thresholds === undefined || thresholds === null) {
    const values = [k === null ? 0.5 : BELOW_ALL];
    return { thresholds: { values, even: false, open: false }, topK: k, classId: id, given: null };
  }
  const one = typeof thresholds === 'number';
  const values = one
    ? [checkNumber(where, 'thresholds', thresholds, range)]
    : checkNumbers(where, 'thresholds', thresholds, range);
  const given = one ? thresholds : [...values];
  return { thresholds: { values, even: isEven(values), open: false }, topK: k, classId: id, given };
}

/** A metric of what is above thresholds. */
export function thresholdMetric(about: ThresholdMetric): Metric {
  const { type, name, where, direction, settings, thresholds, result, each = false } = about;
  const single = thresholds.values.length === 1;
  return {
    name,
    ...(direction === undefined ? {} : { direction }),
    config: { type, config: { name, ...settings } },
    init: () => startBuckets(thresholds),
    update: (state, yTrue, yPred, sampleWeight) =>
      tidy(() => {
        const scores = yPred.dtype === 'float32' ? yPred : cast(yPred, 'float32');
        const { targets, predictions } = chosen(about, alignValues(where, yTrue, scores), scores);
        const weights = sampleWeight === undefined ? undefined : alignWeights(where, sampleWeight, predictions.shape);
        // Labels are not told apart: an axis of one.
        return addToBuckets(
          state,
          thresholds,
          expandDims(targets, -1),
          expandDims(predictions, -1),
          weights === undefined ? undefined : expandDims(weights, -1),
        );
      }),
    result: (state) =>
      tidy(() => {
        const value = result(countsOf(state, thresholds));
        return each && single ? reshape(value, []) : value;
      }),
    ...(each && !single ? { resultShape: () => [thresholds.values.length] } : {}),
  };
}

/** What counts: with `topK` everything but the k largest scores of a row is far below, with `classId` one class is left. */
function chosen(
  { where, topK = null, classId = null }: ThresholdMetric,
  targets: Tensor,
  predictions: Tensor,
): { readonly targets: Tensor; readonly predictions: Tensor } {
  const classes = predictions.shape.at(-1) ?? 0;
  if (topK !== null && (predictions.rank === 0 || topK > classes))
    throw classError(where, `at least ${topK} classes for topK`, predictions.shape);
  if (classId !== null && (predictions.rank < 2 || classId >= classes))
    throw classError(where, `[batch, ..., classes] with a class ${classId}`, predictions.shape);
  const scores = topK === null ? predictions : withoutOthers(predictions, topK);
  if (classId === null) return { targets, predictions: scores };
  const begin = [...predictions.shape.slice(0, -1).map(() => 0), classId];
  const size = [...predictions.shape.slice(0, -1), 1];
  return { targets: slice(targets, begin, size), predictions: slice(scores, begin, size) };
}

function withoutOthers(predictions: Tensor, k: number): Tensor {
  const { indices } = topk(predictions, k);
  const among = cast(sum(cast(oneHot(indices, predictions.shape.at(-1)!), 'int32'), -2), 'bool');
  return select(among, predictions, filled(BELOW_ALL));
}

function classError(where: string, expected: string, shape: readonly number[]): GradstreamError {
  return new GradstreamError('GS_METRIC_SHAPE', {
    where,
    what: 'The output has not the classes that the options name',
    expected,
    received: `[${shape.join(', ')}]`,
    next: 'Choose classes of the output; they are counted from 0 on its last axis.',
  });
}
