import type { Logs } from '@gradstream/core';
import { keep, tidy, type Scalar, type Tensor } from '@tensorflow/tfjs-core';
import { BatchCursor, type BatchSource } from './batch-source.js';
import { checkInputs, checkTargets, upload } from './batch-tensors.js';
import { Meters } from './meters.js';
import { namedMetrics } from './named-metrics.js';
import { objective } from './objective.js';
import { Pace } from './pace.js';
import type { TrainingState } from './training-state.js';
import { WeightUpdates } from './weight-updates.js';

/** What an evaluation is told beside the data. */
export interface EvaluationTask {
  readonly where: string;
  readonly steps: number | null;
  readonly signal: AbortSignal;
  onStep?(step: number, samples: number): void;
}

/** Runs the model over batches in inference and takes the means. */
export async function evaluation(
  state: TrainingState,
  data: BatchSource,
  { where, steps, signal, onStep }: EvaluationTask,
): Promise<{ readonly logs: Logs; readonly steps: number; readonly samples: number }> {
  const cursor = new BatchCursor(data);
  const pace = new Pace('auto');
  let meters: Meters | undefined;
  let step = 0;
  let samples = 0;
  try {
    while (!signal.aborted && (steps === null || step < steps)) {
      const batch = await cursor.next();
      if (batch === undefined) break;
      const inputs = checkInputs(where, state.model, batch);
      const targets = checkTargets(where, state.loss, state.model.outputShape, inputs);
      meters ??= new Meters(
        namedMetrics(where, state.metrics, state.model.outputShape, [null, ...targets.shape.slice(1)]),
      );
      const into = meters;
      into.check(targets, state.model.outputShape);
      tidy(() => {
        const yTrue = upload(targets, state.loss.targetDtype);
        const added: Scalar[] = [];
        const yPred = infer(state, upload(inputs.x, state.model.inputs[0]!.dtype), (loss) => added.push(loss));
        into.add(keep(objective(state.loss, state.model, yTrue, yPred, added)), yTrue, yPred, inputs.size);
      });
      samples += inputs.size;
      onStep?.(step, samples);
      step++;
      await meters.settle();
      await pace.breathe();
    }
    return { logs: meters === undefined ? {} : await meters.read(), steps: step, samples };
  } finally {
    meters?.dispose();
    await cursor.close();
  }
}

/** The model's output in inference; never the input itself. States of its layers go on. */
export function infer({ model, key, counter }: TrainingState, x: Tensor, addLoss?: (loss: Scalar) => void): Tensor {
  const updates = new WeightUpdates(model);
  const { outputs } = model.run([x], {
    training: false,
    key,
    step: counter,
    update: updates.take,
    ...(addLoss === undefined ? {} : { addLoss }),
  });
  updates.assign();
  const output = outputs[0]!;
  return output === x ? output.clone() : output;
}
