import { abs, sign, sub } from '@tensorflow/tfjs-core';
import { checkLossOptions, describeLoss } from '../internal/describe-loss.js';
import { elementwiseLoss } from '../internal/elementwise-loss.js';
import type { Loss } from './loss-contract.js';
import type { LossOptions } from './loss-options.js';

/**
 * The mean of absolute differences over the last axis: `mean(|p - y|)`. Keras' `mae`. The gradient at a difference of 0 is 0.
 *
 * Targets have exactly the output's shape, only [batch] goes with [batch, 1] and the reverse: where Keras broadcasts [n, 1] against [n, 3],
 * here `GS_LOSS_SHAPE` is thrown.
 */
export function meanAbsoluteError(options: LossOptions = {}): Loss {
  const where = 'objectives/meanAbsoluteError';
  checkLossOptions(where, options);
  return {
    ...describeLoss('MeanAbsoluteError', where, options),
    ...elementwiseLoss({
      where,
      terms: (p, y) => {
        const difference = sub(p, y);
        return { value: abs(difference), saved: [difference], slope: ([d]) => sign(d!) };
      },
    }),
  };
}
