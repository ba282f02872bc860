import type { EachDimension } from '../convolution/convolution-options.js';
import { adaptivePooling } from '../internal/adaptive-pooling.js';
import type { SpatialOptions } from '../internal/cropping.js';
import type { Layer } from '../layer.js';

/**
 * Takes the largest element of each of `outputSize` windows of volumes, whatever the input's size: output i of n looks at the elements from
 * `floor(i size / n)` up to `ceil((i + 1) size / n)`, without the last.
 *
 * Input `[batch, depth, height, width, channels]`, output the same form with the sizes asked for. As Keras' AdaptiveMaxPooling3D and PyTorch's; outputs may be larger
 * than inputs, and sizes may be unknown until the layer runs.
 */
export function adaptiveMaxPooling3d(outputSize: EachDimension<3>, options: SpatialOptions = {}): Layer {
  return adaptivePooling(3, 'max', outputSize, options);
}
