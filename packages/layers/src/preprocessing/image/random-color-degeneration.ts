import type { Tensor } from '@tensorflow/tfjs-core';
import { checkFactor, checkValueRange, type Factor } from '../../internal/factor.js';
import { adjustColour } from '../../internal/images/adjustments.js';
import { imageLayer, imageSetup } from '../../internal/images/image-layer.js';
import type { RandomColourOptions } from '../../internal/images/colour-options.js';
import type { Layer } from '../../layer.js';

/**
 * A layer that, while training, takes a random share of the colour out of each image: 1 makes it grey, a share below 0 more colourful.
 *
 * As Keras' RandomColorDegeneration: a factor f means -f to f.
 */
export function randomColorDegeneration(factor: Factor, options: RandomColourOptions = {}): Layer {
  const setup = imageSetup('randomColorDegeneration', options, ['valueRange']);
  const range = checkFactor(setup.where, 'factor', factor, [-1, 1]);
  const valueRange = checkValueRange(setup.where, options.valueRange);
  return imageLayer('RandomColorDegeneration', setup, {
    config: { factor: range, valueRange },
    channels: [1, 3],
    transform: (x, draws): Tensor => adjustColour(x, draws, range, valueRange),
  });
}
