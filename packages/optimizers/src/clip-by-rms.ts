import { checkNumber } from '@gradstream/core';
import { div, maximum } from '@tensorflow/tfjs-core';
import type { GradientTransformation } from './gradient-transformation.js';
import { eachWeight } from './internal/each-weight.js';
import { filled } from './internal/filled.js';
import { rootMeanSquare } from './internal/root-mean-square.js';
import { scaledTransformation, settle } from './internal/scaled-transformation.js';

/**
 * Clips the root mean square of each weight's direction: `u / max(1, rms(u) / limit)`. Adafactor's clipping.
 *
 * A root mean square that is NaN makes that direction NaN. `limit` is above 0, else `GS_OPTION_VALUE`.
 * Source: Shazeer and Stern, "Adafactor: adaptive learning rates with sublinear memory cost", 2018.
 */
export function clipByRms(limit: number): GradientTransformation {
  const where = 'optimizers/clipByRms';
  checkNumber(where, 'limit', limit, { min: 0, exclusive: 'min' });
  return scaledTransformation(
    where,
    () => ({}),
    (scaled, state, params) => {
      const directions = settle(scaled);
      const [bound, one] = [filled(limit), filled(1)];
      const { clipped } = eachWeight(params, ['clipped'], (path) => {
        const direction = directions[path]!;
        return { clipped: div(direction, maximum(div(rootMeanSquare(direction), bound), one)) };
      });
      return { updates: { tensors: clipped }, state };
    },
  );
}
