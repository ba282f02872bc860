import type { EachDimension } from '../convolution/convolution-options.js';
import { pooling } from '../internal/pooling.js';
import type { Layer } from '../layer.js';
import type { PoolingOptions } from './pooling-options.js';

/**
 * Takes the mean of each window of steps, channel by channel. At padded edges only the elements that are there are counted.
 *
 * Input `[batch, steps, channels]`, output the same form. A size becomes `floor((size - window) / stride) + 1`, and `ceil(size / stride)` for 'same'. As Keras'
 * AveragePooling1D. Throws `GS_LAYER_SHAPE` where the output would be empty.
 */
export function averagePooling1d(poolSize: EachDimension<1>, options: PoolingOptions<1> = {}): Layer {
  return pooling(1, 'average', poolSize, options);
}
