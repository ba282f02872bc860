import { globalPooling } from '../internal/global-pooling.js';
import type { Layer } from '../layer.js';
import type { GlobalPoolingOptions } from './pooling-options.js';

/**
 * Takes the mean of each channel over all places of volumes.
 *
 * Input `[batch, depth, height, width, channels]`, output `[batch, channels]`, or `[batch, 1, 1, 1, channels]` with `keepdims`. As Keras' GlobalAveragePooling3D.
 */
export function globalAveragePooling3d(options: GlobalPoolingOptions = {}): Layer {
  return globalPooling(3, 'average', options);
}
