import { globalPooling } from '../internal/global-pooling.js';
import type { Layer } from '../layer.js';
import type { GlobalPoolingOptions } from './pooling-options.js';

/**
 * Takes the mean of each channel over all steps. Steps that a mask leaves out are not counted, their values not
 * even looked at; a row without any counted step gives NaN, as in Keras.
 *
 * Input `[batch, steps, channels]`, output `[batch, channels]`, or `[batch, 1, channels]` with `keepdims`. As Keras' GlobalAveragePooling1D.
 */
export function globalAveragePooling1d(options: GlobalPoolingOptions = {}): Layer {
  return globalPooling(1, 'average', options);
}
