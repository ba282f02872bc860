import type { HostArray, Logs, Shape } from '@gradstream/core';
import type { ModelResult } from '@gradstream/layers';
import { tidy, type Scalar, type Tensor } from '@tensorflow/tfjs-core';
import { BatchCursor, type BatchSource } from './batch-source.js';
import { checkInputs, checkTargets } from './batch-tensors.js';
import { Meters } from './meters.js';
import { objective } from './objective.js';
import { ownOutputs } from './own-outputs.js';
import { Pace } from './pace.js';
import { keptValue } from './training-step.js';
import type { TrainingState } from './training-state.js';
import { uploadBatch } from './uploaded-batch.js';
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
  const { model, goals } = state;
  const cursor = new BatchCursor(data);
  const pace = new Pace('auto');
  let meters: Meters | undefined;
  let step = 0;
  let samples = 0;
  try {
    while (!signal.aborted && (steps === null || step < steps)) {
      const batch = await cursor.next();
      if (batch === undefined) break;
      const inputs = checkInputs(where, model, batch);
      const arrays = checkTargets(where, goals, inputs);
      meters ??= new Meters(where, goals, anyBatch(arrays));
      const into = meters;
      into.check(arrays);
      tidy(() => {
        const { inputs: tensors, targets } = uploadBatch(model, goals, inputs, arrays);
        const added: Scalar[] = [];
        const compared = { ...infer(state, tensors, (loss) => added.push(loss)), targets };
        into.add(keptValue(objective(goals, model, compared, added), into.wantsParts), compared, inputs.size);
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

/** The model's outputs in inference, none of them an input itself, and their masks. States of its layers go on. */
export function infer(
  { model, key, counter }: TrainingState,
  inputs: readonly Tensor[],
  addLoss?: (loss: Scalar) => void,
): ModelResult {
  const changes = new WeightUpdates(model);
  const { outputs, masks } = model.run(inputs, {
    training: false,
    key,
    step: counter,
    update: changes.take,
    ...(addLoss === undefined ? {} : { addLoss }),
  });
  changes.assign();
  return { outputs: ownOutputs(outputs, inputs), masks };
}

/** Shapes of targets for batches of any size. */
export function anyBatch(targets: readonly (HostArray | undefined)[]): readonly (Shape | undefined)[] {
  return targets.map((target) => (target === undefined ? undefined : [null, ...target.shape.slice(1)]));
}
