import type { Tensor } from '@tensorflow/tfjs-core';
import { checkFactor, checkValueRange, type Factor } from '../../internal/factor.js';
import { solarize } from '../../internal/images/adjustments.js';
import type { RandomColourOptions } from '../../internal/images/colour-options.js';
import { imageLayer, imageSetup } from '../../internal/images/image-layer.js';
import type { Layer } from '../../layer.js';

/** Options of `solarization`. */
export interface SolarizationOptions extends RandomColourOptions {
  /** The range that is added to images before, in parts of 255: a number f for 0 to f. Default 0. */
  readonly additionFactor?: Factor;
  /** The range of thresholds, in parts of 255: a number f for 0 to f. Default 0, so that all values are turned. */
  readonly thresholdFactor?: Factor;
}

/**
 * A layer that, while training, turns values around that are not below a threshold: `255 - x`, in 0 to 255, with an addition and a threshold drawn for each image.
 *
 * As Keras' Solarization, where the lower end of a range is not in parts of 255 but a value itself.
 */
export function solarization(options: SolarizationOptions = {}): Layer {
  const setup = imageSetup('solarization', options, ['additionFactor', 'thresholdFactor', 'valueRange']);
  const addition = checkFactor(setup.where, 'additionFactor', options.additionFactor ?? 0, [0, 1]);
  const threshold = checkFactor(setup.where, 'thresholdFactor', options.thresholdFactor ?? 0, [0, 1]);
  const valueRange = checkValueRange(setup.where, options.valueRange);
  return imageLayer('Solarization', setup, {
    config: { additionFactor: addition, thresholdFactor: threshold, valueRange },
    transform: (x, draws): Tensor => solarize(x, draws, { addition, threshold }, valueRange),
  });
}
