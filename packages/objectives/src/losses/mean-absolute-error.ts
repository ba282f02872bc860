import { checkOptions } from '@gradstream/core';
import { abs, expandDims, mean, mul, sign, sub, tidy } from '@tensorflow/tfjs-core';
import { alignElementwise, fitsElementwise, shapeError } from '../internal/align-targets.js';
import { checkFinite } from '../internal/check-values.js';
import { filled } from '../internal/filled.js';
import { withGradient } from '../internal/with-gradient.js';
import type { Loss } from './loss-contract.js';

/**
 * The mean of absolute differences over the last axis: `mean(|p - y|)`. Keras' `mae`. The gradient at a difference of 0 is 0.
 *
 * Targets have exactly the output's shape, only [batch] goes with [batch, 1] and the reverse: where Keras broadcasts [n, 1] against [n, 3],
 * here `GS_LOSS_SHAPE` is thrown.
 */
export function meanAbsoluteError(options: Readonly<Record<string, never>> = {}): Loss {
  const where = 'objectives/meanAbsoluteError';
  checkOptions(where, options, []);
  return {
    name: 'meanAbsoluteError',
    targetDtype: 'float32',
    call: (yTrue, yPred) =>
      tidy(() => {
        const targets = alignElementwise('GS_LOSS_SHAPE', where, yTrue, yPred);
        return withGradient(yPred, (p) => {
          const difference = sub(p, targets);
          return {
            value: mean(abs(difference), -1),
            saved: [difference],
            gradient: (dy, [d]) => mul(sign(d!), expandDims(mul(dy, filled(1 / d!.shape.at(-1)!)), -1)),
          };
        });
      }),
    check: (targets, outputShape) => {
      if (!fitsElementwise(targets.shape, outputShape))
        throw shapeError('GS_LOSS_SHAPE', where, targets.shape, outputShape);
      checkFinite(where, targets);
    },
  };
}
