import {
  checkNumber,
  checkOptions,
  sizeOf,
  startRun,
  type HostArray,
  type InferenceEvent,
  type Run,
} from '@gradstream/core';
import { fromArrays } from '@gradstream/datasets';
import { tidy } from '@tensorflow/tfjs-core';
import { BatchCursor, checkSource, passSize, type BatchSource } from './internal/batch-source.js';
import { checkInputs, upload } from './internal/batch-tensors.js';
import { infer } from './internal/evaluation.js';
import { noBatches } from './internal/no-batches.js';
import { now, Pace } from './internal/pace.js';
import type { TrainingState } from './internal/training-state.js';

/** Options of `predict`. */
export interface PredictOptions {
  /** Batches to take; all where it is left out. */
  readonly steps?: number;
  /** Rows at a time, where one array is given. Default 32. */
  readonly batchSize?: number;
}

/** A model's outputs for batches or for one array of examples, in their order. Stopped, it resolves to the rows so far. */
export function predict(
  state: TrainingState,
  data: BatchSource | HostArray,
  options: PredictOptions = {},
): Run<InferenceEvent, HostArray<'float32'>> {
  const where = 'trainer/predict';
  checkOptions(where, options, ['steps', 'batchSize']);
  const limit =
    options.steps === undefined ? undefined : checkNumber(where, 'steps', options.steps, { min: 1, integer: true });
  const batchSize = checkNumber(where, 'batchSize', options.batchSize ?? 32, { min: 1, integer: true });
  const source = isHostArray(data) ? (fromArrays({ x: data }).batch(batchSize) as BatchSource) : data;
  checkSource(where, 'The data', source);
  const steps = passSize(where, source, limit, 'steps');
  return startRun(async ({ emit, signal }) => {
    emit({ type: 'predictionBegin', steps, time: now() });
    const cursor = new BatchCursor(source);
    const pace = new Pace('auto');
    const parts: Float32Array[] = [];
    let rest: readonly number[] = [];
    let samples = 0;
    try {
      while (!signal.aborted && (limit === undefined || parts.length < limit)) {
        const batch = await cursor.next();
        if (batch === undefined) break;
        const { x, size: rows } = checkInputs(where, state.model, batch);
        const output = tidy(() => infer(state, upload(x, state.model.inputs[0]!.dtype)));
        parts.push(Float32Array.from(await output.data()));
        rest = output.shape.slice(1);
        output.dispose();
        samples += rows;
        emit({ type: 'predictionStep', step: parts.length - 1, samples, time: now() });
        await pace.breathe();
      }
    } finally {
      await cursor.close();
    }
    if (parts.length === 0 && !signal.aborted) throw noBatches(where);
    emit({ type: 'predictionEnd', steps: parts.length, samples, time: now() });
    return { dtype: 'float32', shape: [samples, ...rest], values: joined(parts, samples * sizeOf(rest)) };
  });
}

function isHostArray(data: BatchSource | HostArray): data is HostArray {
  return typeof data === 'object' && data !== null && 'values' in data && 'shape' in data;
}

function joined(parts: readonly Float32Array[], size: number): Float32Array {
  const values = new Float32Array(size);
  let offset = 0;
  for (const part of parts) {
    values.set(part, offset);
    offset += part.length;
  }
  return values;
}
