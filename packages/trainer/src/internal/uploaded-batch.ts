import type { HostArray } from '@gradstream/core';
import type { Example } from '@gradstream/datasets';
import type { Model } from '@gradstream/layers';
import { dispose, type Tensor } from '@tensorflow/tfjs-core';
import { checkInputs, checkTargets, upload, valuesAs } from './batch-tensors.js';
import { classedWeights, type OrderedClassWeights } from './class-weights.js';
import type { OutputGoal } from './output-goal.js';
import { orderedWeights } from './sample-weights.js';
import type { TrainingState } from './training-state.js';

/** A batch that was checked against the model and its goals, still on the host, in the order of the model's inputs and outputs. */
export interface ReadyBatch {
  readonly x: readonly HostArray[];
  readonly targets: readonly (HostArray | undefined)[];
  readonly sampleWeights: readonly (HostArray | undefined)[];
  /** Samples. */
  readonly size: number;
}

/** A batch on the device, in the same order. */
export interface UploadedBatch {
  readonly inputs: readonly Tensor[];
  readonly targets: readonly (Tensor | undefined)[];
  readonly sampleWeights?: readonly (Tensor | undefined)[];
}

/** Checks a batch and sorts its parts. Class weights count beside the batch's own sample weights. Throws what the checks throw. */
export function readyBatch(
  where: string,
  { model, goals }: TrainingState,
  batch: Example,
  classWeights?: OrderedClassWeights,
): ReadyBatch {
  const inputs = checkInputs(where, model, batch);
  const targets = checkTargets(where, goals, inputs);
  const weights = orderedWeights(where, goals, inputs.sampleWeight, inputs.size);
  const sampleWeights =
    classWeights === undefined
      ? weights
      : goals.map((goal, index) => {
          const [classes, target] = [classWeights[index], targets[index]];
          if (classes === undefined || target === undefined) return weights[index];
          return classedWeights(where, goal, classes, target, weights[index]);
        });
  return { x: inputs.x, targets, sampleWeights, size: inputs.size };
}

/** Uploads a checked batch. The caller frees its tensors. */
export function uploadBatch(
  { model, goals }: TrainingState,
  { x, targets, sampleWeights }: Omit<ReadyBatch, 'size'>,
): UploadedBatch {
  return {
    inputs: uploadInputs(model, x),
    targets: targets.map((target, index) =>
      target === undefined ? undefined : upload(target, targetDtype(goals[index]!, target)),
    ),
    sampleWeights: sampleWeights.map((weight) => (weight === undefined ? undefined : upload(weight, 'float32'))),
  };
}

/** Gives the tensors of a batch the numbers of another one of the same shapes. */
export function rewriteBatch(
  { model, goals }: TrainingState,
  { inputs, targets, sampleWeights = [] }: UploadedBatch,
  ready: Omit<ReadyBatch, 'size'>,
  write: (x: Tensor, values: ArrayLike<number>) => void,
): void {
  inputs.forEach((x, index) => write(x, valuesAs(ready.x[index]!, model.inputs[index]!.dtype)));
  targets.forEach((x, index) => {
    const target = ready.targets[index];
    if (x !== undefined && target !== undefined) write(x, valuesAs(target, targetDtype(goals[index]!, target)));
  });
  sampleWeights.forEach((x, index) => {
    const weights = ready.sampleWeights[index];
    if (x !== undefined && weights !== undefined) write(x, valuesAs(weights, 'float32'));
  });
}

/** The shapes of a batch: what has the same is worked on in the same way. */
export function formOf({ x, targets, sampleWeights }: Omit<ReadyBatch, 'size'>): string {
  let form = '';
  for (const array of [...x, ...targets, ...sampleWeights])
    form += array === undefined ? '-;' : `${array.dtype === 'float32' ? '' : 'i'}${array.shape.join()};`;
  return form;
}

/** All tensors of a batch. */
export function tensorsOfBatch({ inputs, targets, sampleWeights = [] }: UploadedBatch): Tensor[] {
  return [...inputs, ...targets, ...sampleWeights].filter((tensor) => tensor !== undefined);
}

/** Frees a batch's tensors. */
export function freeBatch(batch: UploadedBatch): void {
  dispose(tensorsOfBatch(batch));
}

/** Uploads a batch's inputs. The caller frees them. */
export function uploadInputs(model: Model, x: readonly HostArray[]): Tensor[] {
  return x.map((array, index) => upload(array, model.inputs[index]!.dtype));
}

/** What a loss asks for; where there is only a metric, what was given. */
function targetDtype({ loss }: OutputGoal, { dtype }: HostArray): 'float32' | 'int32' {
  return loss?.targetDtype ?? (dtype === 'float32' ? 'float32' : 'int32');
}
