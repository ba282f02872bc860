import { cast, clone, mul, sum as sumOf, tidy, zeros } from '@tensorflow/tfjs-core';
import { alignWeights } from './internal/align-weights.js';
import { checkMetricOptions } from './internal/check-metric-options.js';
import { addCompensated } from './internal/compensated-sum.js';
import type { Metric, MetricOptions } from './metric-contract.js';

/**
 * The sum of the predictions themselves over all samples: `sum(w * p)`, for values that a model or a loop computes. Keras' `Sum`.
 *
 * Keras' `update_state(values)` is `update(state, values, values)`: targets are not looked at. The sum is compensated: two float32 words.
 * Throws `GS_METRIC_WEIGHT` for weights that do not fit.
 */
export function sum(options: MetricOptions = {}): Metric {
  const place = 'objectives/sum';
  const name = checkMetricOptions(place, options, []);
  return {
    name,
    config: { type: 'Sum', config: { name } },
    init: () => [zeros([]), zeros([])],
    update: ([total, lack], _, yPred, sampleWeight) =>
      tidy(() => {
        const values = yPred.dtype === 'float32' ? yPred : cast(yPred, 'float32');
        const weighted =
          sampleWeight === undefined ? values : mul(values, alignWeights(place, sampleWeight, values.shape));
        return addCompensated([total!, lack!], sumOf(weighted));
      }),
    result: ([total]) => clone(total!),
  };
}
