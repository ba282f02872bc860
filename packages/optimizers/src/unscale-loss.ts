import { checkNumber } from '@gradstream/core';
import type { GradientTransformation } from './gradient-transformation.js';
import { filled } from './internal/filled.js';
import { scaleBy } from './scale-by.js';

/**
 * Divides gradients by a constant that the loss is to be multiplied with (`scaledLoss`): Keras' `loss_scale_factor`. Put it first.
 *
 * `factor` is above 0, else `GS_OPTION_VALUE`.
 */
export function unscaleLoss(factor: number): GradientTransformation {
  checkNumber('optimizers/unscaleLoss', 'factor', factor, { min: 0, exclusive: 'min' });
  return { ...scaleBy(1 / factor), lossScale: () => filled(factor) };
}
