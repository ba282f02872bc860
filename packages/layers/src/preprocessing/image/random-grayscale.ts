import { checkNumber } from '@gradstream/core';
import { less, tile, type Tensor } from '@tensorflow/tfjs-core';
import { greyOf } from '../../internal/images/colours.js';
import { imageLayer, imageSetup, type RandomImageOptions } from '../../internal/images/image-layer.js';
import { chooseImages } from '../../internal/images/value-range.js';
import type { Layer } from '../../layer.js';

/** Options of `randomGrayscale`. */
export interface RandomGrayscaleOptions extends RandomImageOptions {
  /** The share of images that become grey, from 0 to 1. Default 0.5. */
  readonly factor?: number;
}

/** A layer that, while training, makes a share of the images grey, with as many channels as before. As Keras' RandomGrayscale; images have one or three channels. */
export function randomGrayscale(options: RandomGrayscaleOptions = {}): Layer {
  const setup = imageSetup('randomGrayscale', options, ['factor']);
  const factor = checkNumber(setup.where, 'factor', options.factor ?? 0.5, { min: 0, max: 1 });
  return imageLayer('RandomGrayscale', setup, {
    config: { factor },
    channels: [1, 3],
    transform(x, draws): Tensor {
      const grey = x.shape[3] === 1 ? x : tile(greyOf(x), [1, 1, 1, 3]);
      return chooseImages(less(draws.uniform('threshold', [x.shape[0]!]), factor), grey, x);
    },
  });
}
