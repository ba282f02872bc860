import {
  checkNumber,
  checkOptions,
  checkSignal,
  startRun,
  type InferenceEvent,
  type Logs,
  type Run,
} from '@gradstream/core';
import type { ArrayData } from './array-data.js';
import { isArrayData } from './internal/array-table.js';
import { passSize, type BatchSource } from './internal/batch-source.js';
import { evaluation } from './internal/evaluation.js';
import { batchesOf, batchSizeOf, refuseFor } from './internal/fit-data.js';
import { noBatches } from './internal/no-batches.js';
import { now, Pace } from './internal/pace.js';
import { applyPrecision } from './internal/precision.js';
import type { TrainingState } from './internal/training-state.js';
import { checkTests, testingWork } from './internal/work-for.js';

/** Options of `evaluate`. */
export interface EvaluateOptions {
  /** Batches to take; all where it is left out. */
  readonly steps?: number;
  /** Arrays: rows of a batch. Default 32. */
  readonly batchSize?: number;
  /** Stops the run when it aborts. */
  readonly signal?: AbortSignal;
}

/** Loss and metrics of a model over batches, as a run. Stopped, it resolves to the means so far. */
export function evaluate(
  state: TrainingState,
  data: BatchSource | ArrayData,
  options: EvaluateOptions = {},
): Run<InferenceEvent, Logs> {
  const where = 'trainer/evaluate';
  checkOptions(where, options, ['steps', 'batchSize', 'signal']);
  if (!isArrayData(data)) refuseFor(where, options, ['batchSize'], 'arrays { x, y }');
  const source = batchesOf(where, 'The data', state.model, data, batchSizeOf(where, 'batchSize', options.batchSize));
  const limit =
    options.steps === undefined ? undefined : checkNumber(where, 'steps', options.steps, { min: 1, integer: true });
  const steps = passSize(where, source, limit, 'steps');
  checkTests(where, state);
  const body: Parameters<typeof startRun<InferenceEvent, Logs>>[0] = async ({ emit, signal }) => {
    emit({ type: 'evaluationBegin', steps, time: now() });
    applyPrecision(state.precision);
    const pace = new Pace('auto');
    const work = testingWork(where, state);
    try {
      const task = {
        steps: limit ?? null,
        signal,
        between: () => pace.breathe(),
        onStep: (step: number, samples: number): void => emit({ type: 'evaluationStep', step, samples, time: now() }),
      };
      const { logs, steps: done, samples } = await evaluation(work, source, task);
      if (done === 0 && !signal.aborted) throw noBatches(where);
      emit({ type: 'evaluationEnd', steps: done, samples, logs, time: now() });
      return logs;
    } finally {
      work.dispose();
    }
  };
  return startRun(body, { signal: checkSignal(where, options.signal) });
}
