import { checkNumber } from '@gradstream/core';
import { maximum, minimum } from '@tensorflow/tfjs-core';
import type { GradientTransformation } from './gradient-transformation.js';
import { filled } from './internal/filled.js';
import { scaledTransformation, settle } from './internal/scaled-transformation.js';

/**
 * Clips each element of each gradient to [-limit, limit]. Keras' `clipvalue`.
 *
 * NaN stays NaN. `limit` is above 0, else `GS_OPTION_VALUE`.
 */
export function clipByValue(limit: number): GradientTransformation {
  const where = 'optimizers/clipByValue';
  checkNumber(where, 'limit', limit, { min: 0, exclusive: 'min' });
  return scaledTransformation(
    where,
    () => ({}),
    (gradients, state) => {
      const low = filled(-limit);
      const high = filled(limit);
      // Not clipByValue of tfjs: its WASM kernel turns NaN into the lower limit, and a broken run would look healthy.
      const clipped = Object.entries(settle(gradients)).map(
        ([path, gradient]) => [path, minimum(maximum(gradient, low), high)] as const,
      );
      return { updates: { tensors: Object.fromEntries(clipped) }, state };
    },
  );
}
