import type { ModelResult } from '@gradstream/layers';
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import { ownOutputs } from './own-outputs.js';
import type { TrainingState } from './training-state.js';
import { WeightUpdates } from './weight-updates.js';

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
