import type { Tensor } from '@tensorflow/tfjs-core';
import { checkValueRange } from '../../internal/factor.js';
import { imageLayer, imageSetup, type ImageOptions } from '../../internal/images/image-layer.js';
import { stretch } from '../../internal/images/stretch.js';
import type { Layer } from '../../layer.js';

/** Options of a layer that changes the values of images the same way each time. */
export interface ValueRangeOptions extends ImageOptions {
  /** The smallest and the largest value of an image. Default [0, 255]. */
  readonly valueRange?: readonly [number, number];
}

/**
 * A layer that stretches each channel of each image over the whole value range, in training and in use. Channels of one value alone stay as they are.
 *
 * As Keras' AutoContrast.
 */
export function autoContrast(options: ValueRangeOptions = {}): Layer {
  const setup = imageSetup('autoContrast', options, ['valueRange'], false);
  const valueRange = checkValueRange(setup.where, options.valueRange);
  return imageLayer('AutoContrast', setup, {
    config: { valueRange },
    always: true,
    transform: (x): Tensor => stretch(x, valueRange),
  });
}
