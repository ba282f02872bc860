import { checkNumber } from '@gradstream/core';
import { abs, maximum, minimum, mul, sub } from '@tensorflow/tfjs-core';
import { checkLossOptions, describeLoss } from '../internal/describe-loss.js';
import { elementwiseLoss } from '../internal/elementwise-loss.js';
import { filled } from '../internal/filled.js';
import type { Loss } from './loss-contract.js';
import type { LossOptions } from './loss-options.js';

/** Options of `huber`. */
export interface HuberOptions extends LossOptions {
  /** From which difference on the loss is linear, above 0. Default 1. */
  readonly delta?: number;
}

/**
 * Squared for small differences and linear for large ones: `d^2 / 2` where `|d| <= delta`, `delta |d| - delta^2 / 2` elsewhere, the mean
 * over the last axis.
 *
 * Targets have the output's shape; [batch] goes with [batch, 1]. Keras leaves `delta` out of its config; here it is in.
 */
export function huber(options: HuberOptions = {}): Loss {
  const where = 'objectives/huber';
  checkLossOptions(where, options, ['delta']);
  const delta = checkNumber(where, 'delta', options.delta ?? 1, { min: 0, exclusive: 'min' });
  return {
    ...describeLoss('Huber', where, options, { delta }),
    ...elementwiseLoss({
      where,
      terms: (p, y) => {
        const difference = sub(p, y);
        const size = abs(difference);
        // With m = min(|d|, delta) both pieces are m (|d| - m / 2).
        const inner = minimum(size, filled(delta));
        return {
          value: mul(inner, sub(size, mul(inner, filled(0.5)))),
          saved: [difference],
          slope: ([d]) => maximum(minimum(d!, filled(delta)), filled(-delta)),
        };
      },
    }),
  };
}
