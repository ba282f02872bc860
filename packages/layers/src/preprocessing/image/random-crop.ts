import { checkNumber } from '@gradstream/core';
import { add, floor, mul, range, reshape, type Tensor } from '@tensorflow/tfjs-core';
import { fitImages } from '../../internal/images/fit-images.js';
import { imageLayer, imageSetup, type RandomImageOptions } from '../../internal/images/image-layer.js';
import { samplePixels } from '../../internal/images/sample-pixels.js';
import type { Layer } from '../../layer.js';

/**
 * A layer that, while training, cuts a random part of `height` rows and `width` columns out of each image `[batch, rows, columns, channels]`.
 *
 * In use, and where images are smaller in a direction, it takes the largest part in the middle with this proportion and resizes it. That is what Keras' RandomCrop
 * documents; Keras 3.15 hands images on unchanged in use, and cuts all images of a batch at one place, where here each has a place of its own.
 */
export function randomCrop(height: number, width: number, options: RandomImageOptions = {}): Layer {
  const setup = imageSetup('randomCrop', options, []);
  for (const [name, size] of Object.entries({ height, width }))
    checkNumber(setup.where, name, size, { min: 1, integer: true });
  const inUse = (x: Tensor): Tensor => fitImages(x, [height, width]);
  return imageLayer('RandomCrop', setup, {
    config: { height, width },
    size: [height, width],
    inUse,
    transform(x, draws): Tensor {
      const [batch, rows, columns] = x.shape as [number, number, number];
      if (rows < height || columns < width) return inUse(x);
      const start = (stream: string, room: number): Tensor =>
        floor(mul(draws.uniform(stream, [batch, 1, 1]), room + 1));
      const down = add(reshape(range(0, height, 1, 'float32'), [1, height, 1]), start('height', rows - height));
      const across = add(reshape(range(0, width, 1, 'float32'), [1, 1, width]), start('width', columns - width));
      return samplePixels(x, down, across, { interpolation: 'nearest', fillMode: 'nearest', fillValue: 0 });
    },
  });
}
