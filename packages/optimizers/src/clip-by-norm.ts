import { checkNumber } from '@gradstream/core';
import { div, maximum, mul, sqrt, tidy } from '@tensorflow/tfjs-core';
import type { GradientTransformation } from './gradient-transformation.js';
import { filled } from './internal/filled.js';
import { sumOfSquares } from './internal/sum-of-squares.js';
import { scaledTransformation, settle } from './internal/scaled-transformation.js';

/**
 * Clips the Euclidean norm of each weight's gradient: `g * limit / max(norm(g), limit)`. Keras' `clipnorm`.
 *
 * A norm that is NaN makes that gradient NaN. `limit` is above 0, else `GS_OPTION_VALUE`.
 */
export function clipByNorm(limit: number): GradientTransformation {
  const where = 'optimizers/clipByNorm';
  checkNumber(where, 'limit', limit, { min: 0, exclusive: 'min' });
  return scaledTransformation(
    where,
    () => ({}),
    (gradients, state) => {
      const bound = filled(limit);
      const clipped = Object.entries(settle(gradients)).map(
        ([path, gradient]) =>
          [path, tidy(() => mul(gradient, div(bound, maximum(sqrt(sumOfSquares(gradient)), bound))))] as const,
      );
      return { updates: { tensors: Object.fromEntries(clipped) }, state };
    },
  );
}
