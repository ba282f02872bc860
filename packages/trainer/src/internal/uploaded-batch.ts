import type { HostArray } from '@gradstream/core';
import type { Model } from '@gradstream/layers';
import type { Tensor } from '@tensorflow/tfjs-core';
import { upload, type CheckedBatch } from './batch-tensors.js';
import type { OutputGoal } from './output-goal.js';

/** A batch on the device: inputs and targets in the order of the model's inputs and outputs. */
export interface UploadedBatch {
  readonly inputs: readonly Tensor[];
  readonly targets: readonly (Tensor | undefined)[];
}

/** Uploads a checked batch. The caller frees its tensors. */
export function uploadBatch(
  model: Model,
  goals: readonly OutputGoal[],
  { x }: CheckedBatch,
  targets: readonly (HostArray | undefined)[],
): UploadedBatch {
  return {
    inputs: uploadInputs(model, x),
    targets: targets.map((target, index) =>
      target === undefined ? undefined : upload(target, targetDtype(goals[index]!, target)),
    ),
  };
}

/** Uploads a batch's inputs. The caller frees them. */
export function uploadInputs(model: Model, x: readonly HostArray[]): Tensor[] {
  return x.map((array, index) => upload(array, model.inputs[index]!.dtype));
}

/** What a loss asks for; where there is only a metric, what was given. */
function targetDtype({ loss }: OutputGoal, { dtype }: HostArray): 'float32' | 'int32' {
  return loss?.targetDtype ?? (dtype === 'float32' ? 'float32' : 'int32');
}
