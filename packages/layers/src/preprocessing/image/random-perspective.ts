import { checkChoice, checkNumber } from '@gradstream/core';
import { add, mul, slice, type Tensor } from '@tensorflow/tfjs-core';
import { checkFactor, type Factor } from '../../internal/factor.js';
import { homography, type Corner } from '../../internal/images/homography.js';
import { imageLayer, imageSetup, type RandomImageOptions } from '../../internal/images/image-layer.js';
import { projectImages } from '../../internal/images/project-images.js';
import { withChance } from '../../internal/images/with-chance.js';
import type { Layer } from '../../layer.js';

/** Options of `randomPerspective`. */
export interface RandomPerspectiveOptions extends RandomImageOptions {
  /** The range that each image's chance to be changed is drawn from: a number f for 0 to f. Default 1, half of the images. */
  readonly factor?: Factor;
  /** How far corners move, at most by half of it times their distance from the top left one. From 0 to 1, default 1. */
  readonly scale?: number;
  /** Default `bilinear`. */
  readonly interpolation?: 'nearest' | 'bilinear';
  /** What lies beyond the edges. Default 0. */
  readonly fillValue?: number;
}

/**
 * A layer that, while training, shows some images as if seen from another side, with their corners moved at random. As Keras' RandomPerspective, where the top left
 * corner stays in its place. Images have at least two rows and columns.
 */
export function randomPerspective(options: RandomPerspectiveOptions = {}): Layer {
  const setup = imageSetup('randomPerspective', options, ['factor', 'scale', 'interpolation', 'fillValue']);
  const { where } = setup;
  const factor = checkFactor(where, 'factor', options.factor ?? 1, [0, 1]);
  const scale = checkNumber(where, 'scale', options.scale ?? 1, { min: 0, max: 1 });
  const interpolation = checkChoice(where, 'interpolation', options.interpolation ?? 'bilinear', [
    'nearest',
    'bilinear',
  ]);
  const fillValue = checkNumber(where, 'fillValue', options.fillValue ?? 0);
  return imageLayer('RandomPerspective', setup, {
    config: { factor, scale, interpolation, fillValue },
    transform(x, draws): Tensor {
      const [batch, height, width] = x.shape as [number, number, number];
      const moved = draws.uniform('corners', [batch, 8, 1], -0.5 * scale, 0.5 * scale);
      const place = (index: number, at: number): Tensor => mul(add(slice(moved, [0, index, 0], [batch, 1, 1]), 1), at);
      const corner = (index: number, right: number, down: number): Corner => [
        place(2 * index, right * (width - 1)),
        place(2 * index + 1, down * (height - 1)),
      ];
      const corners = [corner(0, 0, 0), corner(1, 1, 0), corner(2, 0, 1), corner(3, 1, 1)] as const;
      const seen = projectImages(x, homography(corners, height, width), {
        interpolation,
        fillMode: 'constant',
        fillValue,
      });
      return withChance(x, seen, draws, factor);
    },
  });
}
