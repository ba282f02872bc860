import type { HostArray, InferenceEvent, Logs, Run, TrainingEvent } from '@gradstream/core';
import type { Fields } from '@gradstream/datasets';
import type { Model } from '@gradstream/layers';
import type { EvaluateOptions } from './evaluate.js';
import type { BatchSource } from './internal/batch-source.js';
import type { FitOptions } from './fit.js';
import type { History } from './history.js';
import type { PredictOptions } from './predict.js';

/** A model with what it takes to train it. Its work comes as runs: hot, observable, stoppable, awaitable. */
export interface Trainer {
  readonly model: Model;
  /** Training steps done so far, over all calls of `fit`. */
  readonly steps: number;
  /** Trains on batches. Resolves to the history, also when it was stopped. */
  fit(data: BatchSource, options?: FitOptions): Run<TrainingEvent, History>;
  /** Loss and metrics over batches: means over all samples, the loss with regularization. */
  evaluate(data: BatchSource, options?: EvaluateOptions): Run<InferenceEvent, Logs>;
  /** The output for batches, or for one array of examples; rows in the order of the input. For a model with one output. */
  predict(data: BatchSource | Fields, options?: PredictOptions): Run<InferenceEvent, HostArray<'float32'>>;
  /** All outputs by name, for batches or for arrays by the names of the inputs. */
  predictAll(
    data: BatchSource | Fields,
    options?: PredictOptions,
  ): Run<InferenceEvent, Record<string, HostArray<'float32'>>>;
  /** Frees the optimizer's state; the model keeps its weights. */
  dispose(): void;
}
