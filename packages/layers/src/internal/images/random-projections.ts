import { greater, mul, where, type Tensor } from '@tensorflow/tfjs-core';
import type { Draws } from '../draws.js';
import { rotation, shear, translation, type Projection } from './project-images.js';

type Range = readonly [number, number];

/** A rotation for each image, in parts of a full turn. */
export function randomRotations({ shape }: Tensor, draws: Draws, [low, high]: Range): Projection {
  const turn = 2 * Math.PI;
  return rotation(draws.uniform('angle', [shape[0]!, 1, 1], low * turn, high * turn), shape[1]!, shape[2]!);
}

/** A translation for each image, in parts of its height and width. */
export function randomTranslations({ shape }: Tensor, draws: Draws, down: Range, across: Range): Projection {
  const draw = (stream: string, [low, high]: Range, size: number): Tensor =>
    mul(draws.uniform(stream, [shape[0]!, 1, 1], low, high), size);
  return translation(draw('width', across, shape[2]!), draw('height', down, shape[1]!));
}

/** A slant for each image, to one side or the other. */
export function randomShears({ shape }: Tensor, draws: Draws, across: Range, down: Range): Projection {
  const one = [shape[0]!, 1, 1];
  const side = where(greater(draws.uniform('invert', one), 0.5), -1, 1);
  const draw = (stream: string, [low, high]: Range): Tensor => mul(draws.uniform(stream, one, low, high), side);
  return shear(draw('x', across), draw('y', down));
}
