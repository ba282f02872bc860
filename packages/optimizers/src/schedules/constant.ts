import { checkNumber } from '@gradstream/core';
import { filled } from '../internal/filled.js';
import { namedSchedule } from './internal/named-schedule.js';
import type { Schedule } from './schedule.js';

/** The same learning rate at every step. Throws `GS_OPTION_VALUE` for one that is negative or not finite. */
export function constant(rate: number): Schedule {
  checkNumber('optimizers/schedules/constant', 'rate', rate, { min: 0 });
  return namedSchedule('Constant', { rate }, () => filled(rate));
}
