import type { Tensor } from '@tensorflow/tfjs-core';
import { checkFactor, checkValueRange, type Factor } from '../../internal/factor.js';
import { adjustContrast } from '../../internal/images/adjustments.js';
import { imageLayer, imageSetup } from '../../internal/images/image-layer.js';
import type { RandomColourOptions } from '../../internal/images/colour-options.js';
import type { Layer } from '../../layer.js';

/**
 * A layer that, while training, stretches the values of each image around the mean of each channel: by `1 - low` to `1 + high` of its factor [low, high].
 *
 * A single number f means [0, f], so that contrast only grows, as in Keras' RandomContrast.
 */
export function randomContrast(factor: Factor, options: RandomColourOptions = {}): Layer {
  const setup = imageSetup('randomContrast', options, ['valueRange']);
  const range = checkFactor(setup.where, 'factor', factor, [0, 1]);
  const valueRange = checkValueRange(setup.where, options.valueRange);
  return imageLayer('RandomContrast', setup, {
    config: { factor: range, valueRange },
    transform: (x, draws): Tensor => adjustContrast(x, draws, range, valueRange),
  });
}
