import { keyedNormal, keyedUniform, type StepCounter } from '@gradstream/autodiff';
import { foldIn, type RandomKey } from '@gradstream/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { CallContext } from '../layer.js';
import { seededKey } from './noise.js';

/** A layer's random numbers for one step, in streams with names: what is drawn for one thing does not depend on what else is drawn. */
export interface Draws {
  /** Uniform numbers from `min` to below `max`, 0 to 1 unless told. */
  uniform(stream: string, shape: readonly number[], min?: number, max?: number): Tensor;
  /** Standard normal numbers. */
  normal(stream: string, shape: readonly number[]): Tensor;
  /** The draws of a part. */
  of(part: string): Draws;
}

/** Random numbers from the layer's own key, with its seed folded in. */
export function drawsOf({ key, step }: CallContext, seed?: number): Draws {
  return drawsFrom(seededKey(key, seed), step);
}

function drawsFrom(key: RandomKey, step: StepCounter): Draws {
  return {
    uniform: (stream, shape, min = 0, max = 1) => keyedUniform(shape, foldIn(key, stream), step, { min, max }),
    normal: (stream, shape) => keyedNormal(shape, foldIn(key, stream), step),
    of: (part) => drawsFrom(foldIn(key, part), step),
  };
}
