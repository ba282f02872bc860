import { keyedDropout } from '@gradstream/autodiff';
import { describeValue, foldIn, GradstreamError, type RandomKey, type Shape } from '@gradstream/core';
import { mul, ones, type Tensor } from '@tensorflow/tfjs-core';
import type { LayerOptions } from '../layer-options.js';
import type { CallContext } from '../layer.js';
import { shapeError } from './shape-error.js';

/** The option of layers that draw random numbers. */
export interface SeedOptions extends LayerOptions {
  /** Gives the layer random numbers of its own, apart from those of the same layer with another seed. Default: none. */
  readonly seed?: number;
}

/** The options of dropout by elements. */
export interface NoiseOptions extends SeedOptions {
  /** The shape of what is drawn, the batch included: a 1 stands for one number for a whole dimension, null for the input's size. Default: the input's. */
  readonly noiseShape?: Shape;
}

/** The key of a layer's random numbers: its seed is folded in. */
export function seededKey(key: RandomKey, seed: number | undefined): RandomKey {
  return seed === undefined ? key : foldIn(foldIn(key, 'seed'), seed);
}

/** Throws `GS_OPTION_VALUE` unless the shape is a list of positive whole numbers and null, or undefined. */
export function checkNoiseShape(where: string, noiseShape: unknown): Shape | undefined {
  const sound =
    noiseShape === undefined ||
    (Array.isArray(noiseShape) &&
      noiseShape.every((size) => size === null || (Number.isSafeInteger(size) && (size as number) > 0)));
  if (sound) return noiseShape as Shape | undefined;
  throw new GradstreamError('GS_OPTION_VALUE', {
    where,
    what: 'The option "noiseShape" has a value that cannot be used',
    expected: 'a list of positive whole numbers and null, the batch first',
    received: describeValue(noiseShape),
    next: 'For one number a feature for all steps give [null, 1, null].',
  });
}

/** The shape of what is drawn for an input. Throws `GS_LAYER_SHAPE` where it does not spread over the input. */
export function noiseShapeOf(type: string, path: string, shape: Shape, noiseShape: Shape | undefined): Shape {
  if (noiseShape === undefined) return shape;
  const fits =
    noiseShape.length === shape.length &&
    noiseShape.every((size, place) => size === null || size === 1 || shape[place] === null || size === shape[place]);
  if (fits) return noiseShape.map((size, place) => size ?? shape[place]!);
  throw shapeError(
    type,
    path,
    'The noiseShape does not spread over the input',
    'as many dimensions, each 1, null or of the size of the input',
    shape,
    `Change the noiseShape ${JSON.stringify(noiseShape)}.`,
  );
}

/** Sets a share of what is drawn to zero and scales the rest by `1 / (1 - rate)`. */
export function dropped(
  x: Tensor,
  rate: number,
  noise: Shape,
  { key, step }: CallContext,
  seed: number | undefined,
): Tensor {
  const own = seededKey(key, seed);
  if (noise.every((size, place) => size === x.shape[place])) return keyedDropout(x, rate, own, step);
  return mul(x, keyedDropout(ones(noise as number[]), rate, own, step));
}
