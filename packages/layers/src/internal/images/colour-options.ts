import type { RandomImageOptions } from './image-layer.js';

/** Options of a layer that changes the values of images at random. */
export interface RandomColourOptions extends RandomImageOptions {
  /** The smallest and the largest value of an image. Default [0, 255]. */
  readonly valueRange?: readonly [number, number];
}
