import type { Logs } from '@gradstream/core';
import { BatchCursor, type BatchSource } from './batch-source.js';
import type { BatchWork } from './batch-work.js';

/** What an evaluation is told beside the data. */
export interface EvaluationTask {
  readonly steps: number | null;
  readonly signal: AbortSignal;
  /** Waited for before each batch. */
  between(): Promise<void>;
  onStep?(step: number, samples: number): void;
}

/** Tests a model on batches and takes the means. The caller disposes the work. */
export async function evaluation(
  work: BatchWork,
  data: BatchSource,
  { steps, signal, between, onStep }: EvaluationTask,
): Promise<{ readonly logs: Logs; readonly steps: number; readonly samples: number }> {
  const cursor = new BatchCursor(data);
  let step = 0;
  let samples = 0;
  work.reset();
  try {
    while (steps === null || step < steps) {
      await between();
      const batch = signal.aborted ? undefined : await cursor.next();
      if (batch === undefined) break;
      samples += work.take(batch);
      onStep?.(step, samples);
      step++;
      await work.settle();
    }
    return { logs: await work.read(), steps: step, samples };
  } finally {
    await cursor.close();
  }
}
