import { checkOptions } from '@gradstream/core';
import { expandDims, mean, mul, square, sub, tidy } from '@tensorflow/tfjs-core';
import { alignElementwise, fitsElementwise, shapeError } from '../internal/align-targets.js';
import { checkFinite } from '../internal/check-values.js';
import { filled } from '../internal/filled.js';
import { withGradient } from '../internal/with-gradient.js';
import type { Loss } from './loss-contract.js';

/**
 * The mean of squared differences over the last axis: `mean((p - y)^2)`. Keras' `mse`.
 *
 * Targets have exactly the output's shape, only [batch] goes with [batch, 1] and the reverse: where Keras broadcasts [n, 1] against [n, 3],
 * here `GS_LOSS_SHAPE` is thrown.
 */
export function meanSquaredError(options: Readonly<Record<string, never>> = {}): Loss {
  const where = 'objectives/meanSquaredError';
  checkOptions(where, options, []);
  return {
    name: 'meanSquaredError',
    targetDtype: 'float32',
    call: (yTrue, yPred) =>
      tidy(() => {
        const targets = alignElementwise('GS_LOSS_SHAPE', where, yTrue, yPred);
        return withGradient(yPred, (p) => {
          const difference = sub(p, targets);
          return {
            value: mean(square(difference), -1),
            saved: [difference],
            gradient: (dy, [d]) => mul(d!, expandDims(mul(dy, filled(2 / d!.shape.at(-1)!)), -1)),
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
