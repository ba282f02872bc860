import { binaryCrossentropy as lossOf, type BinaryCrossentropyOptions } from '../losses/binary-crossentropy.js';
import { alignValues } from './internal/align-values.js';
import { checkMetricOptions } from './internal/check-metric-options.js';
import { meanOf } from './internal/mean-of.js';
import type { Metric, MetricOptions } from './metric-contract.js';

/** Options of the metric `binaryCrossentropy`. */
export interface BinaryCrossentropyMetricOptions
  extends MetricOptions, Pick<BinaryCrossentropyOptions, 'fromLogits' | 'labelSmoothing'> {}

/**
 * The mean of the loss of this name over all samples: `-(y log(p) + (1 - y) log(1 - p))`. Keras' metric `BinaryCrossentropy`.
 *
 * Throws `GS_METRIC_SHAPE` for targets that do not have the output's shape.
 */
export function binaryCrossentropy(options: BinaryCrossentropyMetricOptions = {}): Metric {
  const where = 'objectives/binaryCrossentropy';
  const name = checkMetricOptions(where, options, ['fromLogits', 'labelSmoothing']);
  const { fromLogits = false, labelSmoothing = 0 } = options;
  const { call } = lossOf({ fromLogits, labelSmoothing });
  return meanOf(
    { type: 'BinaryCrossentropy', name, direction: 'down', settings: { fromLogits, labelSmoothing } },
    (yTrue, yPred) => call(alignValues(where, yTrue, yPred), yPred),
  );
}
