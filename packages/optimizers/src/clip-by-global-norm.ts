import { checkNumber } from '@gradstream/core';
import { add, addN, div, maximum, sqrt, sub, tidy, type Scalar } from '@tensorflow/tfjs-core';
import type { GradientTransformation, Tensors } from './gradient-transformation.js';
import { filled } from './internal/filled.js';
import { hasKernel, runKernel } from './internal/fused-step.js';
import { scaledTransformation, settle } from './internal/scaled-transformation.js';
import { sumOfSquares } from './internal/sum-of-squares.js';

/** The backend kernel that gives the norm of all gradients and the factor that clips it. */
const KERNEL = 'GradstreamGlobalNorm';

/**
 * Clips the Euclidean norm of all gradients together: each is multiplied with `limit / max(norm, limit)`. Keras' `global_clipnorm`.
 *
 * Runs the backend's kernel `GradstreamGlobalNorm` where there is one, with sums in float64. A norm that is NaN or infinite makes every gradient NaN, as in Keras. `limit` is above 0, else `GS_OPTION_VALUE`.
 * Source: Pascanu, Mikolov, Bengio, "On the difficulty of training recurrent neural networks", 2013.
 */
export function clipByGlobalNorm(limit: number): GradientTransformation {
  const where = 'optimizers/clipByGlobalNorm';
  checkNumber(where, 'limit', limit, { min: 0, exclusive: 'min' });
  return scaledTransformation(
    where,
    () => ({}),
    (gradients, state) => {
      if (hasKernel(KERNEL)) {
        const tensors = Object.values(gradients.tensors);
        const inputs = Object.fromEntries(tensors.map((tensor, index) => [`x${index}`, tensor]));
        const [, factor] = runKernel(KERNEL, { ...inputs, before: gradients.factor }, { limit });
        return { updates: { tensors: gradients.tensors, factor: factor as Scalar }, state };
      }
      const tensors = settle(gradients);
      if (Object.keys(tensors).length === 0) return { updates: { tensors }, state };
      return { updates: { tensors, factor: clippingFactor(tensors, limit) }, state };
    },
  );
}

function clippingFactor(tensors: Tensors, limit: number): Scalar {
  return tidy(() => {
    const bound = filled(limit);
    const norm = sqrt(addN(Object.values(tensors).map(sumOfSquares)));
    // norm - norm is 0 for a finite norm and NaN otherwise: without it an infinite norm would give gradients of 0.
    return add(div(bound, maximum(norm, bound)), sub(norm, norm)) as Scalar;
  });
}
