import type { EachDimension } from '../convolution/convolution-options.js';
import { adaptivePooling } from '../internal/adaptive-pooling.js';
import type { SpatialOptions } from '../internal/cropping.js';
import type { Layer } from '../layer.js';

/**
 * Takes the mean of each of `outputSize` windows of steps, whatever the input's size: output i of n looks at the elements from
 * `floor(i size / n)` up to `ceil((i + 1) size / n)`, without the last.
 *
 * Input `[batch, steps, channels]`, output the same form with the sizes asked for. As Keras' AdaptiveAveragePooling1D and PyTorch's; outputs may be larger
 * than inputs, and sizes may be unknown until the layer runs.
 */
export function adaptiveAveragePooling1d(outputSize: EachDimension<1>, options: SpatialOptions = {}): Layer {
  return adaptivePooling(1, 'average', outputSize, options);
}
