import { checkNumber } from '@gradstream/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { checkFactor, type Factor } from '../../internal/factor.js';
import { imageLayer, imageSetup } from '../../internal/images/image-layer.js';
import { projectImages, zoom } from '../../internal/images/project-images.js';
import { checkSampling, SAMPLING, type SamplingOptions } from '../../internal/images/sampling-options.js';
import type { Layer } from '../../layer.js';

/** Options of `randomZoom`. */
export interface RandomZoomOptions extends SamplingOptions {
  /** The same for the width. Default: as the height, so that the proportions stay. */
  readonly widthFactor?: Factor;
}

/**
 * A layer that, while training, shows a random part of each image, or more than the image: of `1 + f` times its height, f drawn from -factor to factor or from a
 * range. Below 0 images get larger. As Keras' RandomZoom. Throws `GS_OPTION_VALUE` for what is not above -1 and at most 1.
 */
export function randomZoom(heightFactor: Factor, options: RandomZoomOptions = {}): Layer {
  const setup = imageSetup('randomZoom', options, ['widthFactor', ...SAMPLING]);
  const { widthFactor } = options;
  const down = checkZoom(setup.where, 'heightFactor', heightFactor);
  const across = widthFactor === undefined ? undefined : checkZoom(setup.where, 'widthFactor', widthFactor);
  const sampling = checkSampling(setup.where, options);
  return imageLayer('RandomZoom', setup, {
    config: { heightFactor, widthFactor: widthFactor ?? null, ...sampling },
    transform(x, draws): Tensor {
      const [batch, height, width] = x.shape as [number, number, number];
      const draw = (stream: string, [low, high]: readonly [number, number]): Tensor =>
        draws.uniform(stream, [batch, 1, 1], 1 + low, 1 + high);
      const rows = draw('height', down);
      return projectImages(x, zoom(across === undefined ? rows : draw('width', across), rows, height, width), sampling);
    },
  });
}

function checkZoom(where: string, name: string, factor: Factor): readonly [number, number] {
  for (const end of Array.isArray(factor) ? (factor as readonly number[]) : [])
    checkNumber(where, name, end, { min: -1, max: 1, exclusive: 'min' });
  return checkFactor(where, name, factor, [-1, 1]);
}
