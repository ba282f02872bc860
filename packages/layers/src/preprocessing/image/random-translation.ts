import type { Tensor } from '@tensorflow/tfjs-core';
import { checkFactor, type Factor } from '../../internal/factor.js';
import { randomTranslations } from '../../internal/images/random-projections.js';
import { imageLayer, imageSetup } from '../../internal/images/image-layer.js';
import { projectImages } from '../../internal/images/project-images.js';
import { checkSampling, SAMPLING, type SamplingOptions } from '../../internal/images/sampling-options.js';
import type { Layer } from '../../layer.js';

/**
 * A layer that, while training, moves each image at random, in parts of its height and width: 0.2 for up to a fifth in both directions, [0, 0.3] for down and to the
 * right alone. As Keras' RandomTranslation. Throws `GS_OPTION_VALUE` for more than the whole image.
 */
export function randomTranslation(heightFactor: Factor, widthFactor: Factor, options: SamplingOptions = {}): Layer {
  const setup = imageSetup('randomTranslation', options, SAMPLING);
  const down = checkFactor(setup.where, 'heightFactor', heightFactor, [-1, 1]);
  const across = checkFactor(setup.where, 'widthFactor', widthFactor, [-1, 1]);
  const sampling = checkSampling(setup.where, options);
  return imageLayer('RandomTranslation', setup, {
    config: { heightFactor, widthFactor, ...sampling },
    transform: (x, draws): Tensor => projectImages(x, randomTranslations(x, draws, down, across), sampling),
  });
}
