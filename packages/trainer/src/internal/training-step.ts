import { valueAndGradients, type StepCounter } from '@gradstream/autodiff';
import { scaledLoss, type OptimizerState } from '@gradstream/optimizers';
import { constrained } from '@gradstream/regularizers/constraints';
import { add, dispose, keep, sub, tidy, type Scalar, type Tensor, type Variable } from '@tensorflow/tfjs-core';
import { ownOutputs } from './own-outputs.js';
import type { Observer } from './observer.js';
import { objective, type ComparedBatch, type ObjectiveValue } from './objective.js';
import { kept, type TrainingState } from './training-state.js';
import type { UploadedBatch } from './uploaded-batch.js';
import { WeightUpdates } from './weight-updates.js';

/** What a step leaves on the device; the caller frees it. */
export interface StepResult {
  readonly value: ObjectiveValue;
  readonly outputs: readonly Tensor[];
}

/**
 * One training step: outputs, losses, gradients, clipping, the optimizer's update, constraints. Reads nothing back from the device and
 * decides nothing from a tensor's value. `wantsParts` says whether the losses of single outputs are kept; `beforeUpdate` is shown what
 * the weights are about to be changed for, and may refuse by throwing.
 */
export function trainingStep(
  state: TrainingState,
  batch: UploadedBatch,
  observer: Observer,
  wantsParts: boolean,
  beforeUpdate?: (value: ObjectiveValue, compared: ComparedBatch) => void,
): StepResult {
  const result = stepOnDevice(state, state.counter, batch, observer, wantsParts, beforeUpdate);
  state.counter.advance();
  return result;
}

/** What of a training step is work of the device; `counter` numbers the step. */
export function stepOnDevice(
  state: TrainingState,
  counter: StepCounter,
  { inputs, targets, sampleWeights }: UploadedBatch,
  observer: Observer,
  wantsParts: boolean,
  beforeUpdate?: (value: ObjectiveValue, compared: ComparedBatch) => void,
): StepResult {
  const { model, goals } = state;
  const all = model.tensors;
  const { trained } = state;
  const optimizerState = state.optimizerState;
  const changes = new WeightUpdates(model);
  const added: Scalar[] = [];
  const options = {
    training: true,
    key: state.key,
    step: counter,
    weights: all,
    update: changes.take,
    addLoss: (term: Scalar): void => void added.push(term),
    ...(observer.wants('activations')
      ? { observe: (path: string, output: Tensor) => observer.look('activations', path, output) }
      : {}),
  };
  model.inputs.forEach(({ name }, index) => observer.look('inputs', name, inputs[index]!));
  goals.forEach(({ name }, index) => targets[index] !== undefined && observer.look('targets', name, targets[index]));
  const left: Tensor[] = [];
  let result: StepResult | undefined;
  try {
    // Nothing is given back: the scope would look through the whole state for tensors.
    tidy(() => {
      const { gradients } = valueAndGradients(() => {
        const { outputs: given, masks } = model.run(inputs, options);
        const outputs = ownOutputs(given, inputs);
        changes.keep();
        const compared = { targets, outputs, masks, ...(sampleWeights === undefined ? {} : { sampleWeights }) };
        const value = keptValue(objective(goals, model, compared, added), wantsParts);
        left.push(...outputs.map(keep), value.total, ...value.parts);
        observer.look('loss', 'loss', value.total);
        beforeUpdate?.(value, compared);
        result = { value, outputs };
        return scaledLoss(state.optimizer, optimizerState, value.total);
      }, trained);
      takeStep(state, trained, gradients, observer);
      changes.assign();
      observer.lookAll('weights', all);
    });
    return result!;
  } catch (error) {
    dispose(left);
    changes.dispose();
    throw error;
  }
}

/** Gives gradients to the optimizer: clipping, its update, constraints. Called inside of the caller's tidy. */
export function takeStep(
  state: TrainingState,
  trained: Readonly<Record<string, Variable>>,
  gradients: Readonly<Record<string, Tensor>>,
  observer: Observer,
): void {
  observer.lookAll('gradients', gradients);
  const clipped = state.clip(gradients, trained);
  observer.lookAll('clippedGradients', clipped);
  state.optimizerState = kept(changeWeights(state, trained, clipped, state.optimizerState, observer));
}

/** Keeps the total, and the parts where somebody reads them, each a tensor of its own. */
export function keptValue({ total, parts }: ObjectiveValue, wantsParts: boolean): ObjectiveValue {
  if (!wantsParts) return { total: keep(total), parts: [] };
  return { total: keep(total), parts: parts.map((part) => keep(part === total ? (part.clone() as Scalar) : part)) };
}

/** The optimizer's step and the constraints of the weights; the next state. In one pass where the optimizer can. */
export function changeWeights(
  { optimizer, trainable }: Pick<TrainingState, 'optimizer' | 'trainable'>,
  trained: Readonly<Record<string, Variable>>,
  gradients: Readonly<Record<string, Tensor>>,
  optimizerState: OptimizerState,
  observer: Observer,
): OptimizerState {
  let next: OptimizerState;
  if (optimizer.apply !== undefined) {
    // The optimizer copies what it changes in place while somebody else holds it.
    const before = observer.wants('updates') ? Object.entries(trained).map(([, weight]) => weight.clone()) : [];
    next = optimizer.apply(gradients, optimizerState, trained);
    Object.entries(trained).forEach(([path, weight], index) => {
      if (before.length > 0) observer.look('updates', path, sub(weight, before[index]!));
    });
  } else {
    const { updates, state } = optimizer.update(gradients, optimizerState, trained);
    observer.lookAll('updates', updates);
    for (const path of Object.keys(trained)) trained[path]!.assign(add(trained[path]!, updates[path]!));
    next = state;
  }
  for (const { path, variable, constraint } of trainable)
    if (constraint !== undefined) variable.assign(constrained(constraint, variable, path));
  return next;
}
