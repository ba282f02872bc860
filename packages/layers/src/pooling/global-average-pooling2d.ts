import { globalPooling } from '../internal/global-pooling.js';
import type { Layer } from '../layer.js';
import type { GlobalPoolingOptions } from './pooling-options.js';

/**
 * Takes the mean of each channel over all places of images.
 *
 * Input `[batch, height, width, channels]`, output `[batch, channels]`, or `[batch, 1, 1, channels]` with `keepdims`. As Keras' GlobalAveragePooling2D.
 */
export function globalAveragePooling2d(options: GlobalPoolingOptions = {}): Layer {
  return globalPooling(2, 'average', options);
}
