import type { Tensor } from '@tensorflow/tfjs-core';
import { checkFactor, type Factor } from '../../internal/factor.js';
import { randomRotations } from '../../internal/images/random-projections.js';
import { imageLayer, imageSetup } from '../../internal/images/image-layer.js';
import { projectImages } from '../../internal/images/project-images.js';
import { checkSampling, SAMPLING, type SamplingOptions } from '../../internal/images/sampling-options.js';
import type { Layer } from '../../layer.js';

/**
 * A layer that, while training, turns each image around its middle by a random angle, in parts of a full turn: 0.2 for up to 72 degrees to both sides, [0, 0.1] for
 * up to 36 degrees counter-clockwise. As Keras' RandomRotation. Throws `GS_OPTION_VALUE` for more than a full turn.
 */
export function randomRotation(factor: Factor, options: SamplingOptions = {}): Layer {
  const setup = imageSetup('randomRotation', options, SAMPLING);
  const range = checkFactor(setup.where, 'factor', factor, [-1, 1]);
  const sampling = checkSampling(setup.where, options);
  return imageLayer('RandomRotation', setup, {
    config: { factor: range, ...sampling },
    transform: (x, draws): Tensor => projectImages(x, randomRotations(x, draws, range), sampling),
  });
}
