import type { Tensor } from '@tensorflow/tfjs-core';
import { checkFactor, checkValueRange, type Factor } from '../../internal/factor.js';
import { adjustBrightness, adjustContrast, adjustHue, adjustSaturation } from '../../internal/images/adjustments.js';
import type { RandomColourOptions } from '../../internal/images/colour-options.js';
import { imageLayer, imageSetup } from '../../internal/images/image-layer.js';
import type { Layer } from '../../layer.js';

/** Options of `randomColorJitter`: each factor as that of its layer; one that is left out changes nothing. */
export interface RandomColorJitterOptions extends RandomColourOptions {
  readonly brightnessFactor?: Factor;
  readonly contrastFactor?: Factor;
  readonly saturationFactor?: Factor;
  readonly hueFactor?: Factor;
}

/** What is adjusted, in order, and the bounds of its factor. */
const STEPS = [
  ['brightness', adjustBrightness, [-1, 1]],
  ['contrast', adjustContrast, [0, 1]],
  ['saturation', adjustSaturation, [-1, 1]],
  ['hue', adjustHue, [0, 1]],
] as const;

/**
 * A layer that, while training, changes brightness, contrast, saturation and hue of each image at random, in this order: those whose factors are given.
 *
 * Images of red, green and blue. As Keras' RandomColorJitter.
 */
export function randomColorJitter(options: RandomColorJitterOptions = {}): Layer {
  const names = STEPS.map(([name]) => `${name}Factor` as const);
  const setup = imageSetup('randomColorJitter', options, ['valueRange', ...names]);
  const valueRange = checkValueRange(setup.where, options.valueRange);
  const steps = STEPS.flatMap(([name, adjust, bounds]) => {
    const factor = options[`${name}Factor`];
    return factor === undefined
      ? []
      : [{ name, adjust, range: checkFactor(setup.where, `${name}Factor`, factor, bounds) }];
  });
  return imageLayer('RandomColorJitter', setup, {
    config: { valueRange, ...Object.fromEntries(names.map((name) => [name, options[name] ?? null])) },
    channels: [3],
    transform: (x, draws): Tensor =>
      steps.reduce((images, { name, adjust, range }) => adjust(images, draws.of(name), range, valueRange), x),
  });
}
