import { checkNumber } from '@gradstream/core';
import { mul, type Scalar } from '@tensorflow/tfjs-core';
import type { GradientTransformation } from './gradient-transformation.js';
import { filled } from './internal/filled.js';
import { scaledTransformation } from './internal/scaled-transformation.js';

/** Multiplies everything with a constant. Throws `GS_OPTION_VALUE` for one that is not finite. */
export function scaleBy(factor: number): GradientTransformation {
  const where = 'optimizers/scaleBy';
  checkNumber(where, 'factor', factor);
  return scaledTransformation(
    where,
    () => ({}),
    (gradients, state) => {
      const own = filled(factor);
      const both = gradients.factor === undefined ? own : (mul(gradients.factor, own) as Scalar);
      return { updates: { tensors: gradients.tensors, factor: both }, state };
    },
    { finish: (state) => ({ finish: { factor: filled(factor) }, state }) },
  );
}
