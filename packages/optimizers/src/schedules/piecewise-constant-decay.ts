import { checkNumber, checkOptions, describeValue, GradstreamError } from '@gradstream/core';
import { lessEqual, where as select, type Tensor } from '@tensorflow/tfjs-core';
import { filled } from '../internal/filled.js';
import { checkBoundaries, checkList } from './internal/check-boundaries.js';
import { namedSchedule } from './internal/named-schedule.js';
import type { Schedule } from './schedule.js';

/** Options of `piecewiseConstantDecay`. */
export interface PiecewiseConstantDecayOptions {
  /** The last step of each rate but the last; growing. */
  readonly boundaries: readonly number[];
  /** The rates, one more than boundaries, each at least 0. */
  readonly values: readonly number[];
}

/**
 * One rate after another: `values[i]` up to and including the step `boundaries[i]`, then the last. Keras' `PiecewiseConstantDecay`.
 *
 * Throws `GS_OPTION_*` for bad or missing options.
 */
export function piecewiseConstantDecay(options: PiecewiseConstantDecayOptions): Schedule {
  const where = 'optimizers/schedules/piecewiseConstantDecay';
  checkOptions(where, options, ['boundaries', 'values']);
  const boundaries = checkBoundaries(where, options?.boundaries);
  const values = checkList(where, 'values', options.values);
  if (values.length !== boundaries.length + 1) {
    throw new GradstreamError('GS_OPTION_VALUE', {
      where,
      what: 'The option "values" has a value that cannot be used',
      expected: `${boundaries.length + 1} numbers, one more than boundaries`,
      received: describeValue(options.values),
      next: 'Give the rate before the first boundary, and one for after each.',
    });
  }
  const rates = values.map((value, index) => checkNumber(where, `values[${index}]`, value, { min: 0 }));
  return namedSchedule('PiecewiseConstantDecay', { boundaries, values: rates }, (step) =>
    boundaries.reduceRight<Tensor>(
      (later, boundary, index) => select(lessEqual(step, filled(boundary)), filled(rates[index]!), later),
      filled(rates.at(-1)!),
    ),
  );
}
