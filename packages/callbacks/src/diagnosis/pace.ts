import { checkNumber } from '@gradstream/core';
import type { Request } from './watcher.js';

/** Steps between two observations, unless it was said: closer at first, where most trainings go wrong. */
const EVERY = 10;
const LATER = 200;
const UNTIL = 100;

/** How often steps are observed: as often as was asked for, or every 10th of the first 100 steps and then every 200th. Throws `GS_OPTION_VALUE`. */
export function paceOf(where: string, every: number | undefined): Pick<Request, 'every' | 'later'> {
  if (every !== undefined) return { every: checkNumber(where, 'every', every, { min: 1, integer: true }) };
  return { every: EVERY, later: { every: LATER, from: UNTIL } };
}
