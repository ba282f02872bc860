import { checkNumber, describeValue, GradstreamError } from '@gradstream/core';
import { mul, reshape, slice, sqrt, tensor, where, type Tensor } from '@tensorflow/tfjs-core';
import { checkFactor, checkValueRange, type Factor } from '../../internal/factor.js';
import { randomBoxes } from '../../internal/images/boxes.js';
import type { RandomColourOptions } from '../../internal/images/colour-options.js';
import { imageLayer, imageSetup } from '../../internal/images/image-layer.js';
import { clipTo } from '../../internal/images/value-range.js';
import { withChance } from '../../internal/images/with-chance.js';
import type { Layer } from '../../layer.js';

/** Options of `randomErasing`. */
export interface RandomErasingOptions extends RandomColourOptions {
  /** The range that each image's chance to be changed is drawn from: a number f for 0 to f. Default 1, half of the images. */
  readonly factor?: Factor;
  /** The range that the squares of a box's sides are drawn from, in parts of the image's: a number s for 0 to s. Default [0.02, 0.33]. */
  readonly scale?: Factor;
  /** What boxes are filled with: a number, one for each of three channels, or (default) normal numbers times the largest value of the range. */
  readonly fillValue?: number | readonly [number, number, number];
}

/**
 * A layer that, while training, fills a random box in some images. As Keras' RandomErasing, where the two sides of a box are drawn each by itself.
 *
 * Source: Zhong et al., AAAI 2020.
 */
export function randomErasing(options: RandomErasingOptions = {}): Layer {
  const setup = imageSetup('randomErasing', options, ['factor', 'scale', 'fillValue', 'valueRange']);
  const { where: place } = setup;
  const factor = checkFactor(place, 'factor', options.factor ?? 1, [0, 1]);
  const scale = checkFactor(place, 'scale', options.scale ?? [0.02, 0.33], [0, 1]);
  const valueRange = checkValueRange(place, options.valueRange);
  const fillValue = checkFill(place, options.fillValue);
  return imageLayer('RandomErasing', setup, {
    config: { factor, scale, fillValue: fillValue ?? null, valueRange },
    ...(typeof fillValue === 'object' ? { channels: [3] } : {}),
    transform(x, draws): Tensor {
      const batch = x.shape[0]!;
      const sides = sqrt(draws.uniform('sides', [batch, 2], ...scale));
      const side = (index: number): Tensor => reshape(slice(sides, [0, index], [batch, 1]), [batch]);
      const filling =
        fillValue === undefined
          ? mul(draws.normal('fill', x.shape), valueRange[1])
          : tensor(typeof fillValue === 'number' ? [fillValue] : [...fillValue], undefined, 'float32');
      const erased = where(randomBoxes(x, draws, side(0), side(1)), clipTo(filling, valueRange), x);
      return withChance(x, erased, draws, factor);
    },
  });
}

function checkFill(where: string, value: unknown): number | readonly number[] | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'number') return checkNumber(where, 'fillValue', value);
  if (Array.isArray(value) && value.length === 3) return value.map((one) => checkNumber(where, 'fillValue', one));
  throw new GradstreamError('GS_OPTION_VALUE', {
    where,
    what: 'The option "fillValue" has a value that cannot be used',
    expected: 'a number, or three of them',
    received: describeValue(value),
    next: 'Give one, or leave it out for random numbers.',
  });
}
