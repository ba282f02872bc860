import { globalPooling } from '../internal/global-pooling.js';
import type { Layer } from '../layer.js';
import type { GlobalPoolingOptions } from './pooling-options.js';

/**
 * Takes the largest element of each channel over all steps.
 *
 * Input `[batch, steps, channels]`, output `[batch, channels]`, or `[batch, 1, channels]` with `keepdims`. As Keras' GlobalMaxPooling1D.
 */
export function globalMaxPooling1d(options: GlobalPoolingOptions = {}): Layer {
  return globalPooling(1, 'max', options);
}
