import { div, greater, logicalAnd, mul, ones, sqrt, tidy, where as select, zeros } from '@tensorflow/tfjs-core';
import type { GradientTransformation } from './gradient-transformation.js';
import { eachWeight } from './internal/each-weight.js';
import { scaledTransformation, settle } from './internal/scaled-transformation.js';
import { sumOfSquares } from './internal/sum-of-squares.js';

/**
 * Gives each weight's direction the norm of the weight: `u * norm(w) / norm(u)`, or u where one of the norms is 0.
 *
 * Put it after the direction and before the learning rate. Source: You et al., "Large batch optimization for deep learning", 2020 (LAMB), with the
 * identity for its function phi, as in Keras.
 */
export function scaleByTrustRatio(): GradientTransformation {
  const where = 'optimizers/scaleByTrustRatio';
  return scaledTransformation(
    where,
    () => ({}),
    (scaled, state, params) => {
      const directions = settle(scaled);
      const [none, one] = [zeros([]), ones([])];
      const { update } = eachWeight(params, ['update'], (path, weight) => {
        const direction = directions[path]!;
        const ratio = tidy(() => {
          const [own, other] = [sqrt(sumOfSquares(weight)), sqrt(sumOfSquares(direction))];
          return select(logicalAnd(greater(own, none), greater(other, none)), div(own, other), one);
        });
        return { update: mul(direction, ratio) };
      });
      return { updates: { tensors: update }, state };
    },
  );
}
