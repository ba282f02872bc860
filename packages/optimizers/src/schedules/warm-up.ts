import { checkNumber } from '@gradstream/core';
import { add, less, maximum, mul, sub, where as select, type Scalar, zeros } from '@tensorflow/tfjs-core';
import { filled } from '../internal/filled.js';
import { namedSchedule } from './internal/named-schedule.js';
import { checkSchedule } from './internal/check-schedule.js';
import type { Schedule } from './schedule.js';

/**
 * A line from `from` to the first rate of `schedule` over `steps` steps, then the schedule from its beginning: `from + (r - from) * step / steps`
 * with r = schedule(0), then schedule(step - steps). A number stands for a constant rate.
 *
 * `steps` is an integer above 0, `from` at least 0 (default 0), else `GS_OPTION_VALUE`; `GS_OPTIMIZER_SCHEDULE` for what is no schedule.
 * Source: Goyal et al., "Accurate, large minibatch SGD", 2017. Keras has it inside `CosineDecay` alone.
 */
export function warmUp(schedule: number | Schedule, steps: number, from = 0): Schedule {
  const where = 'optimizers/schedules/warmUp';
  const target = checkSchedule(where, schedule);
  checkNumber(where, 'steps', steps, { min: 0, exclusive: 'min', integer: true });
  checkNumber(where, 'from', from, { min: 0 });
  const config = target.config === undefined ? undefined : { schedule: { ...target.config }, steps, from };
  return namedSchedule('WarmUp', config, (step) => {
    const first = target(zeros([]) as Scalar);
    const up = add(mul(sub(first, filled(from)), mul(step, filled(1 / steps))), filled(from));
    const later = target(maximum(sub(step, filled(steps)), filled(0)) as Scalar);
    return select(less(step, filled(steps)), up, later);
  });
}
