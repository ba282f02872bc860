import { ArgMax, cast, engine, Equal, type Tensor } from '@tensorflow/tfjs-core';
import { alignLabels } from '../internal/align-targets.js';
import type { AccuracyOptions } from './categorical-accuracy.js';
import { checkMetricOptions } from './internal/check-metric-options.js';
import { meanOf } from './internal/mean-of.js';
import type { Metric } from './metric-contract.js';

/**
 * How often the largest class score is the label's: scores [..., classes], labels [...] or [..., 1]. Keras' `SparseCategoricalAccuracy`.
 *
 * Of equal scores the first counts. A NaN is never the largest, but in a row's first place it counts as if it were: watch the loss for NaN.
 * A label that is no class counts as missed. Throws `GS_METRIC_SHAPE` for labels that do not fit the output.
 */
export function sparseCategoricalAccuracy(options: AccuracyOptions = {}): Metric {
  const where = 'objectives/sparseCategoricalAccuracy';
  const name = checkMetricOptions(where, options, []);
  return meanOf({ type: 'SparseCategoricalAccuracy', name, direction: 'up' }, (yTrue, yPred) => {
    const labels = alignLabels('GS_METRIC_SHAPE', where, yTrue, yPred);
    // The kernels themselves: the operations around them cost more than they do.
    const classes = engine().runKernel<Tensor>(ArgMax, { x: yPred }, { axis: yPred.rank - 1 });
    return engine().runKernel<Tensor>(Equal, {
      a: labels,
      b: labels.dtype === 'int32' ? classes : cast(classes, labels.dtype),
    });
  });
}
