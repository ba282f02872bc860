import {
  checkNumber,
  checkOptions,
  checkSignal,
  GradstreamError,
  sizeOf,
  startRun,
  type HostArray,
  type InferenceEvent,
  type Run,
} from '@gradstream/core';
import { tidy } from '@tensorflow/tfjs-core';
import type { NumberFields } from './array-data.js';
import { ArrayTable } from './internal/array-table.js';
import { BatchCursor, passSize, type BatchSource } from './internal/batch-source.js';
import { checkInputs } from './internal/batch-tensors.js';
import { batchSizeOf, inputShapes, refuseFor } from './internal/fit-data.js';
import { infer } from './internal/infer.js';
import { noBatches } from './internal/no-batches.js';
import { now, Pace } from './internal/pace.js';
import { applyPrecision } from './internal/precision.js';
import type { TrainingState } from './internal/training-state.js';
import { uploadInputs } from './internal/uploaded-batch.js';

/** Options of `predict`. */
export interface PredictOptions {
  /** Batches to take; all where it is left out. */
  readonly steps?: number;
  /** Arrays: rows at a time. Default 32. */
  readonly batchSize?: number;
  /** Stops the run when it aborts. */
  readonly signal?: AbortSignal;
}

/** The output of a model for batches or for one array of examples, in their order. Stopped, it resolves to the rows so far. */
export function predict(
  state: TrainingState,
  data: BatchSource | NumberFields,
  options: PredictOptions = {},
): Run<InferenceEvent, HostArray<'float32'>> {
  const names = state.model.outputs.map(({ name }) => name);
  if (names.length > 1) {
    throw new GradstreamError('GS_MODEL_OUTPUTS', {
      where: 'trainer/predict',
      what: 'The model has several outputs',
      expected: 'a model with one output',
      received: names.join(', '),
      next: 'Use predictAll, which gives all of them by name.',
    });
  }
  return prediction(state, data, options, (outputs) => outputs[names[0]!]!);
}

/** All outputs of a model by name. */
export function predictAll(
  state: TrainingState,
  data: BatchSource | NumberFields,
  options: PredictOptions = {},
): Run<InferenceEvent, Record<string, HostArray<'float32'>>> {
  return prediction(state, data, options, (outputs) => outputs);
}

function prediction<T>(
  state: TrainingState,
  data: BatchSource | NumberFields,
  options: PredictOptions,
  result: (outputs: Record<string, HostArray<'float32'>>) => T,
): Run<InferenceEvent, T> {
  const where = 'trainer/predict';
  checkOptions(where, options, ['steps', 'batchSize', 'signal']);
  const limit =
    options.steps === undefined ? undefined : checkNumber(where, 'steps', options.steps, { min: 1, integer: true });
  const batchSize = batchSizeOf(where, 'batchSize', options.batchSize);
  const isStream = typeof data === 'object' && data !== null && Symbol.asyncIterator in data;
  if (isStream) refuseFor(where, options, ['batchSize'], 'arrays');
  const arrays = (): ArrayTable => new ArrayTable(where, { x: data as NumberFields }, inputShapes(state.model));
  const source = isStream ? (data as BatchSource) : arrays().batches({ batchSize });
  const steps = passSize(where, source, limit, 'steps');
  const body: Parameters<typeof startRun<InferenceEvent, T>>[0] = async ({ emit, signal }) => {
    emit({ type: 'predictionBegin', steps, time: now() });
    applyPrecision(state.precision);
    const cursor = new BatchCursor(source);
    const pace = new Pace('auto');
    const columns = state.model.outputs.map(({ shape }) => ({
      parts: [] as Float32Array[],
      rest: shape.slice(1) as number[],
    }));
    let step = 0;
    let samples = 0;
    try {
      while (!signal.aborted && (limit === undefined || step < limit)) {
        const batch = await cursor.next();
        if (batch === undefined) break;
        const { x, size: rows } = checkInputs(where, state.model, batch);
        const outputs = tidy(() => [...infer(state, uploadInputs(state.model, x)).outputs]);
        for (const [index, output] of outputs.entries()) {
          columns[index]!.parts.push(Float32Array.from(await output.data()));
          columns[index]!.rest = output.shape.slice(1);
          output.dispose();
        }
        samples += rows;
        emit({ type: 'predictionStep', step, samples, time: now() });
        step++;
        await pace.breathe();
      }
    } finally {
      await cursor.close();
    }
    if (step === 0 && !signal.aborted) throw noBatches(where);
    emit({ type: 'predictionEnd', steps: step, samples, time: now() });
    return result(
      Object.fromEntries(
        columns.map(({ parts, rest }, index): [string, HostArray<'float32'>] => [
          state.model.outputs[index]!.name,
          { dtype: 'float32', shape: [samples, ...rest], values: joined(parts, samples * sizeOf(rest)) },
        ]),
      ),
    );
  };
  return startRun(body, { signal: checkSignal(where, options.signal) });
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
