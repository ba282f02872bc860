import { GradstreamError } from '@gradstream/core';
import type { BatchWork } from './batch-work.js';
import type { OrderedClassWeights } from './class-weights.js';
import { CompiledTesting } from './compiled-testing.js';
import { CompiledTraining } from './compiled-training.js';
import { CustomWork } from './custom-work.js';
import { logNames } from './meters.js';
import type { Observer } from './observer.js';
import { targetShape } from './output-goal.js';
import type { TrainingState } from './training-state.js';

/** What a training step is: the usual one, or one of the user's own. */
export function trainingWork(
  where: string,
  state: TrainingState,
  observer: Observer,
  classWeights: OrderedClassWeights | undefined,
): BatchWork {
  return state.customStep === undefined
    ? new CompiledTraining(where, state, observer, classWeights)
    : new CustomWork(where, state, state.customStep, observer);
}

/** What a test is. Throws `GS_TRAIN_CUSTOM_TEST` for a step of one's own that has none. */
export function testingWork(where: string, state: TrainingState): BatchWork {
  const { customStep } = state;
  if (customStep === undefined) return new CompiledTesting(where, state);
  checkTests(where, state);
  return new CustomWork(where, state, customStep);
}

/** Throws `GS_TRAIN_CUSTOM_TEST` where nothing says how to test. */
export function checkTests(where: string, { customStep }: TrainingState): void {
  if (customStep === undefined || customStep.test !== undefined) return;
  throw new GradstreamError('GS_TRAIN_CUSTOM_TEST', {
    where,
    what: 'The customStep says how to train and not how to test',
    expected: 'customStep.test',
    received: 'none',
    next: 'Give customStep a function test(batch, tools) beside train.',
  });
}

/** The names that the logs will have, in their order. */
export function workNames(where: string, { goals, customStep }: TrainingState): readonly string[] {
  return customStep === undefined ? logNames(where, goals, goals.map(targetShape)) : customStep.logs;
}
