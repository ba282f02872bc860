import type { HostArray, InferenceEvent, Logs, Run } from '@gradstream/core';
import type { Model } from '@gradstream/layers';
import type { ArrayData, NumberFields } from './array-data.js';
import type { EvaluateOptions } from './evaluate.js';
import type { BatchSource } from './internal/batch-source.js';
import type { FitOptions } from './fit-options.js';
import type { TrainOnBatchOptions } from './on-batch.js';
import type { PredictOptions } from './predict.js';
import type { TrainingRun } from './training-run.js';

/** A model with what it takes to train it. Its work comes as runs: hot, observable, stoppable, awaitable. */
export interface Trainer {
  readonly model: Model;
  /** Training steps done so far, over all calls of `fit`. */
  readonly steps: number;
  /** Trains on batches, or on arrays. Resolves to the history, also when it was stopped. */
  fit(data: BatchSource | ArrayData, options?: FitOptions): TrainingRun;
  /** Loss and metrics over batches or arrays: means over all samples, the loss with regularization. */
  evaluate(data: BatchSource | ArrayData, options?: EvaluateOptions): Run<InferenceEvent, Logs>;
  /** The output for batches or arrays of examples; rows in the order of the input. For a model with one output. */
  predict(data: BatchSource | NumberFields, options?: PredictOptions): Run<InferenceEvent, HostArray<'float32'>>;
  /** All outputs by name, for batches or for arrays by the names of the inputs. */
  predictAll(
    data: BatchSource | NumberFields,
    options?: PredictOptions,
  ): Run<InferenceEvent, Record<string, HostArray<'float32'>>>;
  /**
   * One training step on one batch, without events: its own loss and metrics, those that the step started from. Unlike in Keras they are not means since the last
   * reset.
   */
  trainOnBatch(batch: ArrayData, options?: TrainOnBatchOptions): Promise<Logs>;
  /** Loss and metrics of one batch. */
  testOnBatch(batch: ArrayData): Promise<Logs>;
  /** All outputs by name for one batch. */
  predictOnBatch(x: NumberFields): Promise<Record<string, HostArray<'float32'>>>;
  /** Frees the optimizer's state; the model keeps its weights. */
  dispose(): void;
}
