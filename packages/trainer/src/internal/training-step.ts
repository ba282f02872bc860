import { valueAndGradients } from '@gradstream/autodiff';
import type { CallContext } from '@gradstream/layers';
import type { OptimizerState } from '@gradstream/optimizers';
import { constrained } from '@gradstream/regularizers/constraints';
import { add, keep, tidy, type Scalar, type Tensor } from '@tensorflow/tfjs-core';
import type { Observer } from './observer.js';
import { objective, tensorsOf } from './objective.js';
import { kept, type TrainingState } from './training-state.js';

/** What a step leaves on the device; the caller frees both. */
export interface StepResult {
  readonly loss: Scalar;
  readonly yPred: Tensor;
}

/**
 * One training step: outputs, loss, gradients, clipping, the optimizer's update, constraints. Reads nothing back from the device and
 * decides nothing from a tensor's value.
 */
export function trainingStep(state: TrainingState, x: Tensor, yTrue: Tensor, observer: Observer): StepResult {
  const { model, loss, counter } = state;
  const all = tensorsOf(model.weights);
  const weights = state.trainable;
  const trained = tensorsOf(weights);
  const optimizerState = state.optimizerState;
  const context: CallContext = {
    training: true,
    key: state.key,
    step: counter,
    ...(observer.wants('activations')
      ? { observe: (path: string, output: Tensor) => observer.look('activations', path, output) }
      : {}),
  };
  let yPred: Tensor | undefined;
  try {
    const result = tidy(() => {
      const { value, gradients } = valueAndGradients(() => {
        const output = model.call(all, [x], context);
        yPred = keep(output === x ? output.clone() : output);
        return objective(loss, model, yTrue, yPred);
      }, trained);
      observer.lookAll('gradients', gradients);
      const next = changeWeights(state, state.clip(gradients, trained), optimizerState, observer);
      observer.lookAll('weights', all);
      return { value: keep(value), next: kept(next) };
    });
    state.optimizerState = result.next;
    counter.advance();
    return { loss: result.value, yPred: yPred! };
  } catch (error) {
    yPred?.dispose();
    throw error;
  }
}

/** The optimizer's step and the constraints of the weights; the next state. In one pass where the optimizer can and nobody asks for the updates. */
function changeWeights(
  { optimizer, trainable }: TrainingState,
  gradients: Readonly<Record<string, Tensor>>,
  optimizerState: OptimizerState,
  observer: Observer,
): OptimizerState {
  const trained = tensorsOf(trainable);
  let next: OptimizerState;
  if (optimizer.apply !== undefined && !observer.wants('updates')) {
    next = optimizer.apply(gradients, optimizerState, trained);
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
