import type { EachDimension } from '../convolution/convolution-options.js';
import { pooling } from '../internal/pooling.js';
import type { Layer } from '../layer.js';
import type { PoolingOptions } from './pooling-options.js';

/**
 * Takes the largest element of each window of volumes, channel by channel.
 *
 * Input `[batch, depth, height, width, channels]`, output the same form. A size becomes `floor((size - window) / stride) + 1`, and `ceil(size / stride)` for 'same'. As Keras'
 * MaxPooling3D. Throws `GS_LAYER_SHAPE` where the output would be empty.
 */
export function maxPooling3d(poolSize: EachDimension<3> = 2, options: PoolingOptions<3> = {}): Layer {
  return pooling(3, 'max', poolSize, options);
}
