import { checkOptions, checkSignal, startRun, type TrainingEvent } from '@gradstream/core';
import type { ArrayData } from './array-data.js';
import { fitOptionNames, type FitOptions } from './fit-options.js';
import type { History } from './history.js';
import type { BatchSource } from './internal/batch-source.js';
import { fitData } from './internal/fit-data.js';
import { checkCallbacks } from './internal/inbox.js';
import { PauseGate, withGate } from './internal/pause-gate.js';
import { TrainingLoop } from './internal/training-loop.js';
import { trainingPlan } from './internal/training-plan.js';
import type { TrainingState } from './internal/training-state.js';
import type { TrainingRun } from './training-run.js';

/** Trains a model, as a run. `done` is called when the loop has ended, whatever the way. */
export function fit(
  state: TrainingState,
  data: BatchSource | ArrayData,
  options: FitOptions,
  done: () => void,
): TrainingRun {
  const where = 'trainer/fit';
  checkOptions(where, options, fitOptionNames);
  const { callbacks = [] } = options;
  checkCallbacks(where, callbacks);
  const signal = checkSignal(where, options.signal);
  const plan = trainingPlan(where, state, fitData(where, state, data, options), options);
  const gate = new PauseGate();
  const run = startRun<TrainingEvent, History>(
    async ({ emit, signal: stopped }) => {
      let loop: TrainingLoop | undefined;
      try {
        loop = new TrainingLoop(state, plan, callbacks, emit, stopped, gate);
        return await loop.run();
      } finally {
        await loop?.dispose();
        done();
      }
    },
    { signal },
  );
  return withGate(run, gate);
}
