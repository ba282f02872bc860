import { checkNumber, checkOptions, normalValues, sizeOf, type RandomKey } from '@gradstream/core';
import { tensor, type Tensor } from '@tensorflow/tfjs-core';
import { keyedFill } from './internal/keyed-fill.js';
import type { StepCounter } from './step-counter.js';

/** Options of `keyedNormal`. */
export interface KeyedNormalOptions {
  /** Default 0. */
  readonly mean?: number;
  /** Standard deviation, 0 or more. Default 1. */
  readonly deviation?: number;
}

/**
 * Normal random numbers, float32: a pure function of key, counter and place, the same on every backend to the last digits of float32.
 *
 * `normalValues` of @gradstream/core on the host, or the backend's kernel `GradstreamNormal` where there is one: input `counter` (int32 scalar);
 * attributes `shape`, `keyLow`, `keyHigh`, `mean`, `deviation`. A plain number as the counter always runs on the host, and may be any whole number up
 * to 2^53 - 1. Throws `GS_OPTION_UNKNOWN` and `GS_OPTION_VALUE`.
 */
export function keyedNormal(
  shape: readonly number[],
  key: RandomKey,
  counter: StepCounter | number,
  options: KeyedNormalOptions = {},
): Tensor {
  checkOptions('autodiff/keyedNormal', options, ['mean', 'deviation']);
  const mean = checkNumber('autodiff/keyedNormal', 'mean', options.mean ?? 0);
  const deviation = checkNumber('autodiff/keyedNormal', 'deviation', options.deviation ?? 1, { min: 0 });
  return keyedFill('GradstreamNormal', { shape, key, counter, attributes: { mean, deviation } }, (step) =>
    tensor(normalValues(key, step, sizeOf(shape), mean, deviation), [...shape], 'float32'),
  );
}
