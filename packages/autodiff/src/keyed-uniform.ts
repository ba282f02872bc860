import { checkNumber, checkOptions, sizeOf, uniformValues, type RandomKey } from '@gradstream/core';
import { tensor, type Tensor } from '@tensorflow/tfjs-core';
import { keyedFill } from './internal/keyed-fill.js';
import type { StepCounter } from './step-counter.js';

/** Options of `keyedUniform`. */
export interface KeyedUniformOptions {
  /** The smallest number. Default 0. */
  readonly min?: number;
  /** The bound above, not reached itself. Default 1. */
  readonly max?: number;
}

/**
 * Uniform random numbers in [min, max), float32: a pure function of key, counter and place, the same on every backend.
 *
 * `uniformValues` of @gradstream/core on the host, or the backend's kernel `GradstreamUniform` where there is one: input `counter` (int32 scalar);
 * attributes `shape`, `keyLow`, `keyHigh`, `min`, `max`. A plain number as the counter always runs on the host, and may be any whole number up to
 * 2^53 - 1. Throws `GS_OPTION_UNKNOWN` and `GS_OPTION_VALUE`.
 */
export function keyedUniform(
  shape: readonly number[],
  key: RandomKey,
  counter: StepCounter | number,
  options: KeyedUniformOptions = {},
): Tensor {
  checkOptions('autodiff/keyedUniform', options, ['min', 'max']);
  const min = checkNumber('autodiff/keyedUniform', 'min', options.min ?? 0);
  const max = checkNumber('autodiff/keyedUniform', 'max', options.max ?? 1, { min });
  return keyedFill('GradstreamUniform', { shape, key, counter, attributes: { min, max } }, (step) =>
    tensor(uniformValues(key, step, sizeOf(shape), min, max), [...shape], 'float32'),
  );
}
