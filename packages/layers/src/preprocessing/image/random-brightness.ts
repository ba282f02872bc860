import type { Tensor } from '@tensorflow/tfjs-core';
import { checkFactor, checkValueRange, type Factor } from '../../internal/factor.js';
import { adjustBrightness } from '../../internal/images/adjustments.js';
import { imageLayer, imageSetup } from '../../internal/images/image-layer.js';
import type { RandomColourOptions } from '../../internal/images/colour-options.js';
import type { Layer } from '../../layer.js';

/**
 * A layer that, while training, adds a random share of the value range to each image and cuts off what leaves the range: a factor f for -f to f, or a range from -1 to 1.
 *
 * As Keras' RandomBrightness.
 */
export function randomBrightness(factor: Factor, options: RandomColourOptions = {}): Layer {
  const setup = imageSetup('randomBrightness', options, ['valueRange']);
  const range = checkFactor(setup.where, 'factor', factor, [-1, 1]);
  const valueRange = checkValueRange(setup.where, options.valueRange);
  return imageLayer('RandomBrightness', setup, {
    config: { factor: range, valueRange },
    transform: (x, draws): Tensor => adjustBrightness(x, draws, range, valueRange),
  });
}
