import { checkNumber, describeValue, GradstreamError } from '@gradstream/core';
import { add, slice, type Tensor } from '@tensorflow/tfjs-core';
import { checkFactor, checkValueRange, type Factor } from '../../internal/factor.js';
import { blur } from '../../internal/images/blur.js';
import { imageLayer, imageSetup, type RandomImageOptions } from '../../internal/images/image-layer.js';
import { clipTo } from '../../internal/images/value-range.js';
import { withChance } from '../../internal/images/with-chance.js';
import type { Layer } from '../../layer.js';

/** Options of `randomGaussianBlur`. */
export interface RandomGaussianBlurOptions extends RandomImageOptions {
  /** The range that each image's chance to be blurred is drawn from: a number f for 0 to f. Default 1, half of the images. */
  readonly factor?: Factor;
  /** How many pixels go into one, odd: one number, or [along rows, along columns]. Default 3. */
  readonly kernelSize?: number | readonly [number, number];
  /** The range that deviations are drawn from, in pixels, from 0 to 1: a number s for 0 to s. Default 1. */
  readonly sigma?: Factor;
  /** The range that values are cut off at. Default [0, 255]. */
  readonly valueRange?: readonly [number, number];
}

/**
 * A layer that, while training, blurs some images with a Gaussian whose two deviations are drawn for each image.
 *
 * As Keras' RandomGaussianBlur, which draws one pair of deviations for the whole batch and mixes up rows and columns of kernels that are not square.
 */
export function randomGaussianBlur(options: RandomGaussianBlurOptions = {}): Layer {
  const setup = imageSetup('randomGaussianBlur', options, ['factor', 'kernelSize', 'sigma', 'valueRange']);
  const { where } = setup;
  const factor = checkFactor(where, 'factor', options.factor ?? 1, [0, 1]);
  const sigma = checkFactor(where, 'sigma', options.sigma ?? 1, [0, 1]);
  const kernelSize = checkKernel(where, options.kernelSize ?? 3);
  const valueRange = checkValueRange(where, options.valueRange);
  return imageLayer('RandomGaussianBlur', setup, {
    config: { factor, kernelSize, sigma, valueRange },
    transform(x, draws): Tensor {
      const batch = x.shape[0]!;
      const deviations = add(draws.uniform('sigma', [batch, 2, 1], ...sigma), 1e-6);
      const along = (place: number): { readonly deviation: Tensor; readonly reach: number } => ({
        deviation: slice(deviations, [0, place, 0], [batch, 1, 1]),
        reach: (kernelSize[place]! - 1) / 2,
      });
      return clipTo(withChance(x, blur(x, along(1), along(0)), draws, factor), valueRange);
    },
  });
}

function checkKernel(where: string, value: unknown): readonly [number, number] {
  const pair: readonly unknown[] = Array.isArray(value) ? value : [value, value];
  const sizes = pair.map((size) => checkNumber(where, 'kernelSize', size, { min: 1, integer: true }));
  if (sizes.length === 2 && sizes.every((size) => size % 2 === 1)) return sizes as unknown as [number, number];
  throw new GradstreamError('GS_OPTION_VALUE', {
    where,
    what: 'The option "kernelSize" has a value that cannot be used',
    expected: 'an odd number, or two',
    received: describeValue(value),
    next: 'A kernel has a pixel in its middle: give 3, 5 or another odd number.',
  });
}
