import { checkNumber } from '@gradstream/core';
import {
  cast,
  expandDims,
  equal,
  mul,
  notEqual,
  tidy,
  where as select,
  zerosLike,
  type Tensor,
} from '@tensorflow/tfjs-core';
import {
  sparseCategoricalCrossentropy as lossOf,
  type SparseCategoricalCrossentropyOptions,
} from '../losses/sparse-categorical-crossentropy.js';
import { alignLabels } from '../internal/align-targets.js';
import { filled } from '../internal/filled.js';
import { alignWeights } from './internal/align-weights.js';
import { checkLabels } from './internal/check-labels.js';
import { checkMetricOptions } from './internal/check-metric-options.js';
import { classAxisLast } from './internal/class-axis-last.js';
import { meanOf } from './internal/mean-of.js';
import type { Metric, MetricOptions } from './metric-contract.js';

/** Options of the metric `sparseCategoricalCrossentropy`. */
export interface SparseCategoricalCrossentropyMetricOptions
  extends MetricOptions, Pick<SparseCategoricalCrossentropyOptions, 'fromLogits'> {
  /** A label whose loss is 0, for example -1 for pixels of no class. Default: none. */
  readonly ignoreClass?: number | null;
  /** The axis of classes; negative from the end. Default -1. */
  readonly axis?: number;
}

/**
 * The mean of the loss of this name over all samples: `-log(p[label])`, labels [...] or [..., 1]. Keras' metric `SparseCategoricalCrossentropy`.
 *
 * As in Keras, a sample with the label to ignore counts as a loss of 0 without sample weights, and not at all with them.
 * Throws `GS_METRIC_SHAPE` for labels that do not fit the output and `GS_METRIC_AXIS` for an axis that it lacks; `check` throws `GS_METRIC_LABEL`.
 */
export function sparseCategoricalCrossentropy(options: SparseCategoricalCrossentropyMetricOptions = {}): Metric {
  const where = 'objectives/sparseCategoricalCrossentropy';
  const name = checkMetricOptions(where, options, ['fromLogits', 'ignoreClass', 'axis']);
  const { fromLogits = false } = options;
  const axis = checkNumber(where, 'axis', options.axis ?? -1, { integer: true });
  const ignoreClass =
    options.ignoreClass === undefined || options.ignoreClass === null
      ? null
      : checkNumber(where, 'ignoreClass', options.ignoreClass, { integer: true });
  const { call } = lossOf({ fromLogits });
  const settings = { fromLogits, ignoreClass, axis };

  /** Scores with the classes last, and the labels that fit them as int32. */
  const parts = (yTrue: Tensor, yPred: Tensor): { readonly labels: Tensor; readonly scores: Tensor } => {
    const scores = classAxisLast(where, yPred, axis);
    const flat = yTrue.rank === yPred.rank ? classAxisLast(where, yTrue, axis) : yTrue;
    return { labels: cast(alignLabels('GS_METRIC_SHAPE', where, flat, scores), 'int32'), scores };
  };
  const metric = meanOf(
    { type: 'SparseCategoricalCrossentropy', name, direction: 'down', settings },
    (yTrue, yPred) => {
      const { labels, scores } = parts(yTrue, yPred);
      if (ignoreClass === null) return call(labels, scores);
      const ignored = equal(labels, filled(ignoreClass, 'int32'));
      const losses = call(
        select(ignored, zerosLike(labels), labels),
        select(expandDims(ignored, -1), filled(1 / scores.shape.at(-1)!), scores),
      );
      return select(ignored, zerosLike(losses), losses);
    },
  );
  return {
    ...metric,
    update: (state, yTrue, yPred, sampleWeight) =>
      tidy(() => {
        if (ignoreClass === null || sampleWeight === undefined) return metric.update(state, yTrue, yPred, sampleWeight);
        const { labels } = parts(yTrue, yPred);
        const counted = cast(notEqual(labels, filled(ignoreClass, 'int32')), 'float32');
        return metric.update(state, yTrue, yPred, mul(alignWeights(where, sampleWeight, labels.shape), counted));
      }),
    check: (targets, outputShape) => checkLabels(where, targets, outputShape.at(axis) ?? null, ignoreClass),
  };
}
