import { add, floor, mul, range, reshape, type Tensor } from '@tensorflow/tfjs-core';
import { checkFactor, checkValueRange, type Factor } from '../../internal/factor.js';
import { blur } from '../../internal/images/blur.js';
import { imageLayer, imageSetup } from '../../internal/images/image-layer.js';
import { samplePixels } from '../../internal/images/sample-pixels.js';
import { checkSampling, SAMPLING, type SamplingOptions } from '../../internal/images/sampling-options.js';
import { clipTo } from '../../internal/images/value-range.js';
import { withChance } from '../../internal/images/with-chance.js';
import type { Layer } from '../../layer.js';

/** Options of `randomElasticTransform`. */
export interface RandomElasticTransformOptions extends SamplingOptions {
  /** The range that each image's chance to be changed is drawn from: a number f for 0 to f. Default 1, half of the images. */
  readonly factor?: Factor;
  /** The range that strengths are drawn from, from 0 to 1: a number s for 0 to s. Default 1. */
  readonly scale?: Factor;
  /** The range that values are cut off at. Default [0, 255]. */
  readonly valueRange?: readonly [number, number];
}

/**
 * A layer that, while training, warps some images: every pixel comes from a place nearby, by a field of normal numbers that is blurred to be smooth.
 *
 * With a strength s, sides h and w, the field's deviation and the blur's are `0.05 s min(h, w)`, cut off at three times its whole part, and moves are
 * `0.1 s max(h, w)` times the field, as in Keras' RandomElasticTransform; but each image has a strength of its own, and pixels beyond the edges follow `fillMode` as
 * in the other layers (Keras mirrors without repeating the first pixel there). Source: Simard, Steinkraus and Platt, ICDAR 2003.
 */
export function randomElasticTransform(options: RandomElasticTransformOptions = {}): Layer {
  const setup = imageSetup('randomElasticTransform', options, ['factor', 'scale', 'valueRange', ...SAMPLING]);
  const { where } = setup;
  const factor = checkFactor(where, 'factor', options.factor ?? 1, [0, 1]);
  const scale = checkFactor(where, 'scale', options.scale ?? 1, [0, 1]);
  const valueRange = checkValueRange(where, options.valueRange);
  const sampling = checkSampling(where, options);
  return imageLayer('RandomElasticTransform', setup, {
    config: { factor, scale, ...sampling, valueRange },
    transform(x, draws): Tensor {
      const [batch, height, width] = x.shape as [number, number, number];
      const strength = draws.uniform('scale', [batch, 1, 1], ...scale);
      const deviation = mul(strength, 0.05 * Math.min(height, width));
      // A blur by nothing at all leaves the field as it is.
      const kernel = { deviation: add(deviation, 1e-6), reach: mul(floor(deviation), 3) };
      const moves = (stream: string): Tensor => {
        const field = draws.normal(stream, [batch, height, width, 1]);
        const smooth = reshape(blur(field, kernel, kernel), [batch, height, width]);
        return mul(smooth, mul(deviation, mul(strength, 0.1 * Math.max(height, width))));
      };
      const rows = add(reshape(range(0, height, 1, 'float32'), [1, height, 1]), moves('rows'));
      const columns = add(range(0, width, 1, 'float32'), moves('columns'));
      return clipTo(withChance(x, samplePixels(x, rows, columns, sampling), draws, factor), valueRange);
    },
  });
}
