import type { Tensor } from '@tensorflow/tfjs-core';
import { checkFactor, checkValueRange, type Factor } from '../../internal/factor.js';
import { adjustHue } from '../../internal/images/adjustments.js';
import { imageLayer, imageSetup } from '../../internal/images/image-layer.js';
import type { RandomColourOptions } from '../../internal/images/colour-options.js';
import type { Layer } from '../../layer.js';

/**
 * A layer that, while training, turns the colours of each image around the circle: by half of a factor drawn from 0 to f, or from a range, to one side or the other.
 *
 * Images of red, green and blue inside the value range. As Keras' RandomHue.
 */
export function randomHue(factor: Factor, options: RandomColourOptions = {}): Layer {
  const setup = imageSetup('randomHue', options, ['valueRange']);
  const range = checkFactor(setup.where, 'factor', factor, [0, 1]);
  const valueRange = checkValueRange(setup.where, options.valueRange);
  return imageLayer('RandomHue', setup, {
    config: { factor: range, valueRange },
    channels: [3],
    transform: (x, draws): Tensor => adjustHue(x, draws, range, valueRange),
  });
}
