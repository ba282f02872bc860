import type { Tensor } from '@tensorflow/tfjs-core';
import { checkFactor, checkValueRange, type Factor } from '../../internal/factor.js';
import { adjustSaturation } from '../../internal/images/adjustments.js';
import { imageLayer, imageSetup } from '../../internal/images/image-layer.js';
import type { RandomColourOptions } from '../../internal/images/colour-options.js';
import type { Layer } from '../../layer.js';

/**
 * A layer that, while training, multiplies the saturation of each image by `f / (1 - f)`: 0.5 leaves images as they are, 0 or less makes them grey.
 *
 * Images of red, green and blue. Saturations are cut off at the value range, as in Keras' RandomSaturation: give [0, 1] for images in that range; with [0, 255] they can pass 1, and colours the range.
 */
export function randomSaturation(factor: Factor, options: RandomColourOptions = {}): Layer {
  const setup = imageSetup('randomSaturation', options, ['valueRange']);
  const range = checkFactor(setup.where, 'factor', factor, [-1, 1]);
  const valueRange = checkValueRange(setup.where, options.valueRange);
  return imageLayer('RandomSaturation', setup, {
    config: { factor: range, valueRange },
    channels: [3],
    transform: (x, draws): Tensor => adjustSaturation(x, draws, range, valueRange),
  });
}
