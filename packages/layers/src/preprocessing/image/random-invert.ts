import { sub, type Tensor } from '@tensorflow/tfjs-core';
import { checkFactor, checkValueRange, type Factor } from '../../internal/factor.js';
import type { RandomColourOptions } from '../../internal/images/colour-options.js';
import { imageLayer, imageSetup } from '../../internal/images/image-layer.js';
import { withChance } from '../../internal/images/with-chance.js';
import type { Layer } from '../../layer.js';

/** Options of `randomInvert`. */
export interface RandomInvertOptions extends RandomColourOptions {
  /** The range that each image's chance to be inverted is drawn from: a number f for 0 to f. Default 1, half of the images. */
  readonly factor?: Factor;
}

/** A layer that, while training, turns the colours of some images around: the largest value of the range minus each value, as Keras' RandomInvert. */
export function randomInvert(options: RandomInvertOptions = {}): Layer {
  const setup = imageSetup('randomInvert', options, ['factor', 'valueRange']);
  const factor = checkFactor(setup.where, 'factor', options.factor ?? 1, [0, 1]);
  const valueRange = checkValueRange(setup.where, options.valueRange);
  return imageLayer('RandomInvert', setup, {
    config: { factor, valueRange },
    transform: (x, draws): Tensor => withChance(x, sub(valueRange[1], x), draws, factor),
  });
}
