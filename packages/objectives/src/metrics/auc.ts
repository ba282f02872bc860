import { checkBoolean, checkChoice, checkNumber, describeShape, GradstreamError, type Json } from '@gradstream/core';
import { cast, expandDims, mul, sigmoid, tensor1d, tidy, type Tensor } from '@tensorflow/tfjs-core';
import { alignValues } from './internal/align-values.js';
import { alignWeights } from './internal/align-weights.js';
import { areaUnder, meanOfLabels, type Curve, type Summation } from './internal/area-under.js';
import { badOption, checkMetricOptions, checkNumbers, checkOptionalInteger } from './internal/check-metric-options.js';
import { addToBuckets, countsOf, isEven, startBuckets, type Thresholds } from './internal/threshold-buckets.js';
import type { Metric, MetricOptions } from './metric-contract.js';

/** Options of `auc`. */
export interface AucOptions extends MetricOptions {
  /** How many evenly spaced thresholds the curve is drawn with, the ends a little outside of [0, 1]. At least 2. Default 200. */
  readonly numThresholds?: number;
  /** `ROC`: recall over false positives' rate; `PR`: precision over recall; `PRGAIN`: their gains. Default `ROC`. */
  readonly curve?: Curve;
  /** How the area between two points is taken: `interpolation` (for PR as Davis and Goadrich), the lower or the higher side. Default `interpolation`. */
  readonly summationMethod?: Summation;
  /** Thresholds in [0, 1] instead of evenly spaced ones; both ends are added. */
  readonly thresholds?: readonly number[] | null;
  /** An area for each label, averaged, instead of one of all labels flattened. Default false. */
  readonly multiLabel?: boolean;
  /** How many labels there are, to be checked; only with `multiLabel`. Default: as many as the output has. */
  readonly numLabels?: number | null;
  /** A weight for each label, not negative: of its area with `multiLabel`, of its counts without. */
  readonly labelWeights?: readonly number[] | null;
  /** Predictions are logits instead of probabilities. Default false. */
  readonly fromLogits?: boolean;
}

const known = [
  'numThresholds',
  'curve',
  'summationMethod',
  'thresholds',
  'multiLabel',
  'numLabels',
  'labelWeights',
  'fromLogits',
] as const;

/**
 * The area under the ROC or precision-recall curve, drawn with the given number of thresholds. Keras' `AUC`.
 *
 * Targets that are not 0 are positive, predictions are from 0 to 1. An update sums weights by the bucket between two thresholds, O(samples); the
 * curve is drawn in `result`. Counts are compensated float32 sums; a NaN is above no threshold. Davis and Goadrich, "The relationship between
 * Precision-Recall and ROC curves", 2006; Flach and Kull, "Precision-Recall-Gain Curves", 2015.
 * Throws `GS_METRIC_SHAPE` for targets that do not have the output's shape, or an output that the labels' options do not fit.
 */
export function auc(options: AucOptions = {}): Metric {
  const where = 'objectives/auc';
  const name = checkMetricOptions(where, options, known);
  const curve = checkChoice(where, 'curve', options.curve ?? 'ROC', ['ROC', 'PR', 'PRGAIN']);
  const method = ['interpolation', 'majoring', 'minoring'] as const;
  const summation = checkChoice(where, 'summationMethod', options.summationMethod ?? 'interpolation', method);
  const multiLabel = checkBoolean(where, 'multiLabel', options.multiLabel ?? false);
  const fromLogits = checkBoolean(where, 'fromLogits', options.fromLogits ?? false);
  const numLabels = checkOptionalInteger(where, 'numLabels', options.numLabels, 1);
  if (numLabels !== null && !multiLabel) throw badOption(where, 'numLabels', 'nothing without multiLabel', numLabels);
  const labelWeights = options.labelWeights ?? null;
  if (labelWeights !== null) checkNumbers(where, 'labelWeights', labelWeights, { min: 0 });
  const thresholds = checkThresholds(where, options);
  const labels = numLabels ?? labelWeights?.length ?? null;
  const settings: Record<string, Json> = {
    numThresholds: thresholds.values.length,
    curve,
    summationMethod: summation,
    multiLabel,
    numLabels,
    labelWeights: labelWeights === null ? null : [...labelWeights],
    fromLogits,
    ...(Array.isArray(options.thresholds) ? { thresholds: thresholds.values.slice(1, -1) } : {}),
  };
  return {
    name,
    direction: 'up',
    config: { type: 'AUC', config: { name, ...settings } },
    init: () => startBuckets(thresholds),
    update: (state, yTrue, yPred, sampleWeight) =>
      tidy(() => {
        const scores = yPred.dtype === 'float32' ? yPred : cast(yPred, 'float32');
        const targets = alignValues(where, yTrue, scores);
        checkLabelAxis(where, scores.shape, multiLabel, labels);
        const predictions = fromLogits ? sigmoid(scores) : scores;
        let weights = sampleWeight === undefined ? undefined : alignWeights(where, sampleWeight, scores.shape);
        if (multiLabel) return addToBuckets(state, thresholds, targets, predictions, weights);
        if (labelWeights !== null) {
          const ofLabels: Tensor = tensor1d([...labelWeights]);
          weights = weights === undefined ? ofLabels : mul(weights, ofLabels);
        }
        // Labels are not told apart: an axis of one.
        const weightsOfOne = weights === undefined ? undefined : expandDims(weights, -1);
        return addToBuckets(state, thresholds, expandDims(targets, -1), expandDims(predictions, -1), weightsOfOne);
      }),
    result: (state) =>
      tidy(() => {
        const area = areaUnder(curve, summation, countsOf(state, thresholds));
        return multiLabel ? meanOfLabels(area, labelWeights) : area;
      }),
  };
}

/** Thresholds with both ends, a little outside so that 0 and 1 themselves are inside. */
function checkThresholds(where: string, { thresholds, numThresholds }: AucOptions): Thresholds {
  const epsilon = 1e-7;
  if (thresholds !== undefined && thresholds !== null) {
    const inner = [...checkNumbers(where, 'thresholds', thresholds, { min: 0, max: 1 })].sort((a, b) => a - b);
    const even = isEven([0, ...inner, 1]);
    return { values: [-epsilon, ...inner, 1 + epsilon], even, open: true };
  }
  const count = checkNumber(where, 'numThresholds', numThresholds ?? 200, { min: 2, integer: true });
  const inner = Array.from({ length: count - 2 }, (_, index) => (index + 1) / (count - 1));
  return { values: [-epsilon, ...inner, 1 + epsilon], even: true, open: true };
}

function checkLabelAxis(where: string, shape: readonly number[], multiLabel: boolean, labels: number | null): void {
  const rankFits = multiLabel ? shape.length === 2 : labels === null || shape.length > 1;
  if (rankFits && (labels === null || shape.at(-1) === labels)) return;
  throw new GradstreamError('GS_METRIC_SHAPE', {
    where,
    what: 'The output does not have the labels that the options name',
    expected: multiLabel ? `[batch, ${labels ?? 'labels'}]` : `[batch, ..., ${labels}]`,
    received: describeShape(shape),
    next: 'Give multiLabel, numLabels and labelWeights for the last axis of the output.',
  });
}
