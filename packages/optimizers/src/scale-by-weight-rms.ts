import { checkNumber } from '@gradstream/core';
import { maximum, mul } from '@tensorflow/tfjs-core';
import type { GradientTransformation } from './gradient-transformation.js';
import { eachWeight } from './internal/each-weight.js';
import { filled } from './internal/filled.js';
import { rootMeanSquare } from './internal/root-mean-square.js';
import { scaledTransformation, settle } from './internal/scaled-transformation.js';

/**
 * Multiplies each weight's direction with the weight's root mean square, at least `smallest`: steps are relative to the weight.
 *
 * `smallest` is at least 0, else `GS_OPTION_VALUE`. Source: Shazeer and Stern, "Adafactor: adaptive learning rates with sublinear memory cost", 2018.
 */
export function scaleByWeightRms(smallest: number): GradientTransformation {
  const where = 'optimizers/scaleByWeightRms';
  checkNumber(where, 'smallest', smallest, { min: 0 });
  return scaledTransformation(
    where,
    () => ({}),
    (scaled, state, params) => {
      const directions = settle(scaled);
      const bound = filled(smallest);
      const { update } = eachWeight(params, ['update'], (path, weight) => ({
        update: mul(directions[path]!, maximum(rootMeanSquare(weight), bound)),
      }));
      return { updates: { tensors: update }, state };
    },
  );
}
