import { checkChoice } from '@gradstream/core';
import { lessEqual, reverse, type Tensor } from '@tensorflow/tfjs-core';
import { imageLayer, imageSetup, type RandomImageOptions } from '../../internal/images/image-layer.js';
import { chooseImages } from '../../internal/images/value-range.js';
import type { Layer } from '../../layer.js';

/** Left to right, top to bottom, or both at once. */
export type FlipMode = 'horizontal' | 'vertical' | 'horizontalAndVertical';

const AXES: Readonly<Record<FlipMode, readonly number[]>> = {
  horizontal: [2],
  vertical: [1],
  horizontalAndVertical: [1, 2],
};

/**
 * A layer that, while training, flips every second image at random, each by a draw of its own; otherwise it hands images on.
 *
 * `horizontalAndVertical` flips an image in both directions or in none, as Keras' RandomFlip does: put two layers in a row for flips that do not depend on each other.
 */
export function randomFlip(mode: FlipMode = 'horizontalAndVertical', options: RandomImageOptions = {}): Layer {
  const setup = imageSetup('randomFlip', options, []);
  checkChoice(setup.where, 'mode', mode, Object.keys(AXES) as FlipMode[]);
  return imageLayer('RandomFlip', setup, {
    config: { mode },
    transform(x, draws): Tensor {
      const flips = lessEqual(draws.uniform('flips', [x.shape[0]!]), 0.5);
      return chooseImages(flips, reverse(x, [...AXES[mode]]), x);
    },
  });
}
