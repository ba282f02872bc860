import { checkOptions, type HostArray, type Logs } from '@gradstream/core';
import { tidy } from '@tensorflow/tfjs-core';
import type { ArrayData, NumberFields } from './array-data.js';
import { ArrayTable } from './internal/array-table.js';
import { BatchCursor } from './internal/batch-source.js';
import { checkInputs } from './internal/batch-tensors.js';
import type { BatchWork } from './internal/batch-work.js';
import { orderedClassWeights, type ClassWeights } from './internal/class-weights.js';
import { inputShapes } from './internal/fit-data.js';
import { infer } from './internal/infer.js';
import { Observer } from './internal/observer.js';
import { applyPrecision } from './internal/precision.js';
import type { TrainingState } from './internal/training-state.js';
import { uploadInputs } from './internal/uploaded-batch.js';
import { testingWork, trainingWork } from './internal/work-for.js';

/** Options of `trainOnBatch`. */
export interface TrainOnBatchOptions {
  /** As in `fit`. */
  readonly classWeight?: ClassWeights;
}

/** One training step on one batch; the batch's own loss and metrics, from before the step. */
export async function trainOnBatch(
  state: TrainingState,
  batch: ArrayData,
  options: TrainOnBatchOptions = {},
): Promise<Logs> {
  const where = 'trainer/trainOnBatch';
  checkOptions(where, options, ['classWeight']);
  const classWeights = orderedClassWeights(where, state.goals, options.classWeight);
  return onBatch(where, state, batch, trainingWork(where, state, new Observer(), classWeights));
}

/** Loss and metrics of one batch in inference. */
export async function testOnBatch(state: TrainingState, batch: ArrayData): Promise<Logs> {
  const where = 'trainer/testOnBatch';
  return onBatch(where, state, batch, testingWork(where, state));
}

/** All outputs of one batch by name. */
export async function predictOnBatch(
  state: TrainingState,
  x: NumberFields,
): Promise<Record<string, HostArray<'float32'>>> {
  const where = 'trainer/predictOnBatch';
  applyPrecision(state.precision);
  const { x: inputs } = checkInputs(where, state.model, await wholeBatch(where, state, { x }));
  const outputs = tidy(() => [...infer(state, uploadInputs(state.model, inputs)).outputs]);
  const arrays: Record<string, HostArray<'float32'>> = {};
  for (const [index, output] of outputs.entries()) {
    arrays[state.model.outputs[index]!.name] = {
      dtype: 'float32',
      shape: output.shape,
      values: Float32Array.from(await output.data()),
    };
    output.dispose();
  }
  return arrays;
}

async function onBatch(where: string, state: TrainingState, data: ArrayData, work: BatchWork): Promise<Logs> {
  try {
    applyPrecision(state.precision);
    work.take(await wholeBatch(where, state, data));
    return await work.read();
  } finally {
    work.dispose();
  }
}

async function wholeBatch(where: string, { model }: TrainingState, data: ArrayData): ReturnType<typeof firstBatch> {
  const table = new ArrayTable(where, data, inputShapes(model));
  return firstBatch(new BatchCursor(table.batches({ batchSize: table.rows })));
}

const firstBatch = async (cursor: BatchCursor): Promise<NonNullable<Awaited<ReturnType<BatchCursor['next']>>>> => {
  try {
    return (await cursor.next())!;
  } finally {
    await cursor.close();
  }
};
