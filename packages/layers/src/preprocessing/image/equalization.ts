import { checkNumber } from '@gradstream/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { checkValueRange } from '../../internal/factor.js';
import { equalize } from '../../internal/images/histogram.js';
import { imageLayer, imageSetup } from '../../internal/images/image-layer.js';
import type { Layer } from '../../layer.js';
import type { ValueRangeOptions } from './auto-contrast.js';

/** Options of `equalization`. */
export interface EqualizationOptions extends ValueRangeOptions {
  /** How many bins the histograms have. Default 256. */
  readonly bins?: number;
}

/**
 * A layer that, while training, spreads the values of each channel of each image evenly over the value range, by its histogram.
 *
 * As Keras' Equalization, which takes one histogram over all images of a batch: here an image does not depend on those beside it. It acts in training alone, as there.
 */
export function equalization(options: EqualizationOptions = {}): Layer {
  const setup = imageSetup('equalization', options, ['valueRange', 'bins'], false);
  const bins = checkNumber(setup.where, 'bins', options.bins ?? 256, { min: 2, max: 65536, integer: true });
  const valueRange = checkValueRange(setup.where, options.valueRange);
  return imageLayer('Equalization', setup, {
    config: { valueRange, bins },
    transform: (x): Tensor => equalize(x, valueRange, bins),
  });
}
