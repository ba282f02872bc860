import { checkChoice, checkNumber } from '@gradstream/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { checkFactor, checkValueRange, type Factor } from '../../internal/factor.js';
import { augment, AUGMENTATIONS } from '../../internal/images/augmentations.js';
import type { RandomColourOptions } from '../../internal/images/colour-options.js';
import { imageLayer, imageSetup } from '../../internal/images/image-layer.js';
import type { Layer } from '../../layer.js';

/** Options of `randAugment`. */
export interface RandAugmentOptions extends RandomColourOptions {
  /** How many changes are made to each image, one after the other. Default 2. */
  readonly numOps?: number;
  /** The range of the changes' factors, from 0 to 1: a number f for 0 to f. Default 0.5. */
  readonly factor?: Factor;
  /** Default `bilinear`. */
  readonly interpolation?: 'nearest' | 'bilinear';
}

/**
 * A layer that, while training, makes random changes to each image, each drawn from eleven: shear, translation, rotation, brightness, colour, contrast, sharpness,
 * posterization, solarization, auto contrast, equalization, with the strengths that Keras' RandAugment gives their layers.
 *
 * Changes are drawn for each image; Keras draws them for the whole batch. Images have one or three channels. Source: Cubuk et al., NeurIPS 2020.
 */
export function randAugment(options: RandAugmentOptions = {}): Layer {
  const setup = imageSetup('randAugment', options, ['valueRange', 'numOps', 'factor', 'interpolation']);
  const { where } = setup;
  const valueRange = checkValueRange(where, options.valueRange);
  const numOps = checkNumber(where, 'numOps', options.numOps ?? 2, { min: 0, max: 100, integer: true });
  const factor = checkFactor(where, 'factor', options.factor ?? 0.5, [0, 1]);
  const interpolation = checkChoice(where, 'interpolation', options.interpolation ?? 'bilinear', [
    'nearest',
    'bilinear',
  ]);
  return imageLayer('RandAugment', setup, {
    config: { valueRange, numOps, factor, interpolation },
    channels: [1, 3],
    transform(x, draws): Tensor {
      let images = x;
      for (let step = 0; step < numOps; step++)
        images = augment(
          images,
          draws.of(`step${step}`),
          { factor, valueRange, interpolation },
          {
            names: AUGMENTATIONS,
            orNothing: false,
          },
        );
      return images;
    },
  });
}
