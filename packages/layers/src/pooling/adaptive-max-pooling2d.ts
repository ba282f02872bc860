import type { EachDimension } from '../convolution/convolution-options.js';
import { adaptivePooling } from '../internal/adaptive-pooling.js';
import type { SpatialOptions } from '../internal/cropping.js';
import type { Layer } from '../layer.js';

/**
 * Takes the largest element of each of `outputSize` windows of images, whatever the input's size: output i of n looks at the elements from
 * `floor(i size / n)` up to `ceil((i + 1) size / n)`, without the last.
 *
 * Input `[batch, height, width, channels]`, output the same form with the sizes asked for. As Keras' AdaptiveMaxPooling2D and PyTorch's; outputs may be larger
 * than inputs, and sizes may be unknown until the layer runs.
 */
export function adaptiveMaxPooling2d(outputSize: EachDimension<2>, options: SpatialOptions = {}): Layer {
  return adaptivePooling(2, 'max', outputSize, options);
}
