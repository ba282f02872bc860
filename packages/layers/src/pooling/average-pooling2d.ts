import type { EachDimension } from '../convolution/convolution-options.js';
import { pooling } from '../internal/pooling.js';
import type { Layer } from '../layer.js';
import type { PoolingOptions } from './pooling-options.js';

/**
 * Takes the mean of each window of images, channel by channel. At padded edges only the elements that are there are counted.
 *
 * Input `[batch, height, width, channels]`, output the same form. A size becomes `floor((size - window) / stride) + 1`, and `ceil(size / stride)` for 'same'. As Keras'
 * AveragePooling2D. Throws `GS_LAYER_SHAPE` where the output would be empty.
 */
export function averagePooling2d(poolSize: EachDimension<2>, options: PoolingOptions<2> = {}): Layer {
  return pooling(2, 'average', poolSize, options);
}
