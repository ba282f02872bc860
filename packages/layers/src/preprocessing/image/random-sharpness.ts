import type { Tensor } from '@tensorflow/tfjs-core';
import { checkFactor, checkValueRange, type Factor } from '../../internal/factor.js';
import { adjustSharpness } from '../../internal/images/adjustments.js';
import { imageLayer, imageSetup } from '../../internal/images/image-layer.js';
import type { RandomColourOptions } from '../../internal/images/colour-options.js';
import type { Layer } from '../../layer.js';

/**
 * A layer that, while training, makes each image sharper (factors above 0.5) or smoother (below), by a mean over nine pixels: 0 gives the mean itself.
 *
 * As Keras' RandomSharpness, where 0 lies beyond the edges.
 */
export function randomSharpness(factor: Factor, options: RandomColourOptions = {}): Layer {
  const setup = imageSetup('randomSharpness', options, ['valueRange']);
  const range = checkFactor(setup.where, 'factor', factor, [0, 1]);
  const valueRange = checkValueRange(setup.where, options.valueRange);
  return imageLayer('RandomSharpness', setup, {
    config: { factor: range, valueRange },
    transform: (x, draws): Tensor => adjustSharpness(x, draws, range, valueRange),
  });
}
