import { checkNumber } from '@gradstream/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { checkFactor, checkValueRange, type Factor } from '../../internal/factor.js';
import { posterize } from '../../internal/images/adjustments.js';
import type { RandomColourOptions } from '../../internal/images/colour-options.js';
import { imageLayer, imageSetup } from '../../internal/images/image-layer.js';
import type { Layer } from '../../layer.js';

/**
 * A layer that, while training, keeps only the upper bits of each value, in 0 to 255: a whole number of bits, drawn for each image from 1 to below the factor, or from
 * a range to below its end; [4, 4] always keeps four. As Keras' RandomPosterization.
 */
export function randomPosterization(factor: Factor, options: RandomColourOptions = {}): Layer {
  const setup = imageSetup('randomPosterization', options, ['valueRange']);
  const range = checkFactor(setup.where, 'factor', factor, [1, 8]);
  for (const end of range) checkNumber(setup.where, 'factor', end, { integer: true });
  const valueRange = checkValueRange(setup.where, options.valueRange);
  return imageLayer('RandomPosterization', setup, {
    config: { factor: range, valueRange },
    transform: (x, draws): Tensor => posterize(x, draws, range, valueRange),
  });
}
