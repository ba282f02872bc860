import {
  checkChoice,
  checkFunction,
  checkOptions,
  defineCallback,
  describeValue,
  GradstreamError,
  type Callback,
  type TrainingCommand,
  type TrainingEvent,
} from '@gradstream/core';
import { concatMap } from 'rxjs';
import { TrainingMemory } from './internal/training-memory.js';

/** A learning rate by epoch or step (0-based), and by the rate that there is. */
export type LearningRateFunction = (index: number, learningRate: number) => number;

/** Options of `learningRateScheduler`. */
export interface LearningRateSchedulerOptions {
  /** What is counted: epochs, as in Keras, or steps over all epochs. Default `epoch`. */
  readonly by?: 'epoch' | 'step';
}

const WHERE = 'callbacks/learningRateScheduler';

/**
 * Sets the learning rate to a function of the epoch, as Keras' `LearningRateScheduler`, or of the step.
 *
 * The function is called before each epoch, or before each step, with the index and the rate that the optimizer has. `warmRestarts` makes one; what an
 * optimizer follows by itself are the schedules of `@gradstream/optimizers/schedules`, which cost nothing a step.
 *
 * Throws `GS_OPTION_*` for what cannot be used; fails in training with `GS_CALLBACK_RATE` where the function gives no rate or the optimizer has none.
 */
export function learningRateScheduler(
  schedule: LearningRateFunction,
  options: LearningRateSchedulerOptions = {},
): Callback {
  checkFunction(WHERE, 'schedule', schedule);
  checkOptions(WHERE, options, ['by']);
  const by = checkChoice(WHERE, 'by', options.by ?? 'epoch', ['epoch', 'step']);
  /** The index whose rate is set, so that none is asked for twice. */
  const memory = new TrainingMemory<{ scheduled: number | null }>(WHERE, { scheduled: null });
  let now: number | null = null;
  const set = (index: number): TrainingCommand[] => {
    if (memory.value.scheduled === index) return [];
    if (now === null) throw noRate('an optimizer with a learning rate', 'one without');
    const value: unknown = schedule(index, now);
    if (typeof value !== 'number' || !Number.isFinite(value) || value < 0)
      throw noRate('a finite number, at least 0', `${describeValue(value)} at ${by} ${index}`);
    // It is what the optimizer will say: a float32.
    now = Math.fround(value);
    memory.set({ scheduled: index });
    return [{ type: 'setLearningRate', value }];
  };
  const answer = (event: TrainingEvent): TrainingCommand[] => {
    if (event.type === 'trainBegin') memory.begin();
    if (event.type === 'epochBegin') {
      now = event.learningRate;
      return set(by === 'epoch' ? event.epoch : event.globalStep);
    }
    return by === 'step' && event.type === 'stepEnd' ? set(event.globalStep + 1) : [];
  };
  return defineCallback('learningRateScheduler', (events$) => events$.pipe(concatMap(answer)), memory.traits);
}

function noRate(expected: string, received: string): GradstreamError {
  return new GradstreamError('GS_CALLBACK_RATE', {
    where: WHERE,
    what: 'There is no learning rate to set',
    expected,
    received,
    next: 'Return a rate for every index, and give the optimizer a number for its learning rate.',
  });
}
