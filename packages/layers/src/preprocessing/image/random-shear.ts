import type { Tensor } from '@tensorflow/tfjs-core';
import { checkFactor, type Factor } from '../../internal/factor.js';
import { randomShears } from '../../internal/images/random-projections.js';
import { imageLayer, imageSetup } from '../../internal/images/image-layer.js';
import { projectImages } from '../../internal/images/project-images.js';
import { checkSampling, SAMPLING, type SamplingOptions } from '../../internal/images/sampling-options.js';
import type { Layer } from '../../layer.js';

/** Options of `randomShear`. */
export interface RandomShearOptions extends SamplingOptions {
  /** How far rows are moved, in parts of the distance from the top: a number f for -f to f, or a range from 0 on. Default 0. */
  readonly xFactor?: Factor;
  /** How far columns are moved, in parts of the distance from the left. Default 0. */
  readonly yFactor?: Factor;
}

/** A layer that, while training, slants each image at random, in a direction of its own. As Keras' RandomShear. Throws `GS_OPTION_VALUE` for factors that are not from 0 to 1. */
export function randomShear(options: RandomShearOptions = {}): Layer {
  const setup = imageSetup('randomShear', options, ['xFactor', 'yFactor', ...SAMPLING]);
  const { xFactor = 0, yFactor = 0 } = options;
  const across = checkShear(setup.where, 'xFactor', xFactor);
  const down = checkShear(setup.where, 'yFactor', yFactor);
  const sampling = checkSampling(setup.where, options);
  return imageLayer('RandomShear', setup, {
    config: { xFactor, yFactor, ...sampling },
    transform: (x, draws): Tensor => projectImages(x, randomShears(x, draws, across, down), sampling),
  });
}

/** A number f stands for -f to f, and Keras writes it as this range, which it does not read itself. */
function checkShear(where: string, name: string, factor: Factor): readonly [number, number] {
  const mirrored = Array.isArray(factor) && factor.length === 2 && factor[0] === 0 - factor[1];
  return checkFactor(where, name, factor, mirrored ? [-1, 1] : [0, 1], -1);
}
