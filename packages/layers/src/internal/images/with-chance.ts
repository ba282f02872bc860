import { less, type Tensor } from '@tensorflow/tfjs-core';
import type { Draws } from '../draws.js';
import { chooseImages } from './value-range.js';

/** Images that are changed with a chance of their own, each drawn from a range. */
export function withChance(x: Tensor, changed: Tensor, draws: Draws, [low, high]: readonly [number, number]): Tensor {
  const batch = [x.shape[0]!];
  const chance = draws.uniform('chance', batch, low, high);
  return chooseImages(less(draws.uniform('threshold', batch), chance), changed, x);
}
