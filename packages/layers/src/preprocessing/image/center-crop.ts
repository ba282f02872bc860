import { checkNumber } from '@gradstream/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { fitImages, middle } from '../../internal/images/fit-images.js';
import { imageLayer, imageSetup, type ImageOptions } from '../../internal/images/image-layer.js';
import type { Layer } from '../../layer.js';

/**
 * A layer that cuts `height` rows and `width` columns out of the middle of images `[batch, rows, columns, channels]`.
 *
 * Images that are smaller in a direction are cut to the proportion and resized instead. As Keras' CenterCrop, in training and in use.
 */
export function centerCrop(height: number, width: number, options: ImageOptions = {}): Layer {
  const setup = imageSetup('centerCrop', options, [], false);
  for (const [name, size] of Object.entries({ height, width }))
    checkNumber(setup.where, name, size, { min: 1, integer: true });
  return imageLayer('CenterCrop', setup, {
    config: { height, width },
    always: true,
    size: [height, width],
    transform(x): Tensor {
      const [batch, rows, columns, channels] = x.shape as [number, number, number, number];
      if (rows >= height && columns >= width) return middle(x, [batch, height, width, channels]);
      return fitImages(x, [height, width]);
    },
  });
}
