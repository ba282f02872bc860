import { square, sub } from '@tensorflow/tfjs-core';
import { checkLossOptions, describeLoss } from '../internal/describe-loss.js';
import { elementwiseLoss } from '../internal/elementwise-loss.js';
import type { Loss } from './loss-contract.js';
import type { LossOptions } from './loss-options.js';

/**
 * The mean of squared differences over the last axis: `mean((p - y)^2)`. Keras' `mse`.
 *
 * Targets have exactly the output's shape, only [batch] goes with [batch, 1] and the reverse: where Keras broadcasts [n, 1] against [n, 3],
 * here `GS_LOSS_SHAPE` is thrown.
 */
export function meanSquaredError(options: LossOptions = {}): Loss {
  const where = 'objectives/meanSquaredError';
  checkLossOptions(where, options);
  return {
    ...describeLoss('MeanSquaredError', where, options),
    ...elementwiseLoss({
      where,
      terms: (p, y) => {
        const difference = sub(p, y);
        return { value: square(difference), saved: [difference], slope: ([d]) => d!, factor: 2 };
      },
    }),
  };
}
