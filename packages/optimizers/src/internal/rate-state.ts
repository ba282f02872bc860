import { checkNumber, describeValue, GradstreamError } from '@gradstream/core';
import { add, cast, onesLike, Tensor, tidy, zeros, type Scalar } from '@tensorflow/tfjs-core';
import type { OptimizerState } from '../gradient-transformation.js';
import type { Schedule } from '../schedules/schedule.js';
import { filled } from './filled.js';
import { tensorEntry } from './state-access.js';

/** The state of a learning rate: the rate of the next step, and the number of steps done where a schedule drives it. */
export type RateState = { readonly learningRate: Tensor; readonly scheduleStep?: Tensor };

/** Returns a learning rate or a schedule, or throws `GS_OPTION_VALUE`. */
export function checkRate(where: string, rate: unknown): number | Schedule {
  if (typeof rate === 'function') return rate as Schedule;
  return checkNumber(where, 'learningRate', rate, { min: 0 });
}

/** The state before the first step. */
export function initialRate(where: string, rate: number | Schedule): RateState {
  if (typeof rate === 'number') return { learningRate: filled(rate) };
  const scheduleStep = zeros([], 'int32');
  return { learningRate: rateAt(where, rate, scheduleStep), scheduleStep };
}

/** The state's learning rate, for this step, and the state after it. Throws `GS_OPTIMIZER_STATE` for a state of another kind of rate. */
export function stepRate(
  where: string,
  rate: number | Schedule,
  state: OptimizerState,
): { learningRate: Tensor; next: RateState } {
  const learningRate = tensorEntry(where, state, 'learningRate');
  if (typeof rate === 'number') return { learningRate, next: { learningRate } };
  const step = tensorEntry(where, state, 'scheduleStep');
  const scheduleStep = tidy(() => add(step, onesLike(step)));
  return { learningRate, next: { learningRate: rateAt(where, rate, scheduleStep), scheduleStep } };
}

function rateAt(where: string, schedule: Schedule, step: Tensor): Tensor {
  return tidy(() => {
    // Schedules get floats: dividing two int32 tensors would round down without a word.
    const value: unknown = schedule(cast(step, 'float32') as Scalar);
    if (value instanceof Tensor && value.rank === 0) return value;
    throw new GradstreamError('GS_OPTIMIZER_SCHEDULE', {
      where,
      what: 'The learning-rate schedule does not give a scalar tensor',
      expected: 'a tensor of shape []',
      received: value instanceof Tensor ? `a tensor of shape [${value.shape.join(', ')}]` : describeValue(value),
      next: 'Compute it with tfjs functions from the step that the schedule is given, without reading a value back.',
    });
  });
}
