import { checkNumber, checkOptions, startRun, type InferenceEvent, type Logs, type Run } from '@gradstream/core';
import { checkSource, passSize, type BatchSource } from './internal/batch-source.js';
import { evaluation } from './internal/evaluation.js';
import { now } from './internal/pace.js';
import { noBatches } from './internal/no-batches.js';
import type { TrainingState } from './internal/training-state.js';

/** Options of `evaluate`. */
export interface EvaluateOptions {
  /** Batches to take; all where it is left out. */
  readonly steps?: number;
}

/** Loss and metrics of a model over batches, as a run. Stopped, it resolves to the means so far. */
export function evaluate(
  state: TrainingState,
  data: BatchSource,
  options: EvaluateOptions = {},
): Run<InferenceEvent, Logs> {
  const where = 'trainer/evaluate';
  checkSource(where, 'The data', data);
  checkOptions(where, options, ['steps']);
  const limit =
    options.steps === undefined ? undefined : checkNumber(where, 'steps', options.steps, { min: 1, integer: true });
  const steps = passSize(where, data, limit, 'steps');
  return startRun(async ({ emit, signal }) => {
    emit({ type: 'evaluationBegin', steps, time: now() });
    const onStep = (step: number, samples: number): void =>
      emit({ type: 'evaluationStep', step, samples, time: now() });
    const {
      logs,
      steps: done,
      samples,
    } = await evaluation(state, data, { where, steps: limit ?? null, signal, onStep });
    if (done === 0 && !signal.aborted) throw noBatches(where);
    emit({ type: 'evaluationEnd', steps: done, samples, logs, time: now() });
    return logs;
  });
}
