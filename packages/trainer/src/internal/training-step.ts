import { valueAndGradients } from '@gradstream/autodiff';
import { scaledLoss } from '@gradstream/optimizers';
import { constrained } from '@gradstream/regularizers/constraints';
import { add, keep, tidy, type Scalar, type Tensor } from '@tensorflow/tfjs-core';
import type { Observer } from './observer.js';
import { objective, tensorsOf } from './objective.js';
import { kept, type TrainingState } from './training-state.js';
import { WeightUpdates } from './weight-updates.js';

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
  const all = model.tensors;
  const weights = state.trainable;
  const trained = tensorsOf(weights);
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
  let yPred: Tensor | undefined;
  let value: Scalar | undefined;
  try {
    const next = tidy(() => {
      const { gradients } = valueAndGradients(() => {
        const output = model.run([x], options).outputs[0]!;
        yPred = keep(output === x ? output.clone() : output);
        changes.keep();
        value = keep(objective(loss, model, yTrue, yPred, added));
        return scaledLoss(state.optimizer, optimizerState, value);
      }, trained);
      observer.lookAll('gradients', gradients);
      const { updates, state: following } = state.optimizer.update(
        state.clip(gradients, trained),
        optimizerState,
        trained,
      );
      observer.lookAll('updates', updates);
      for (const { path, variable, constraint } of weights) {
        const updated = add(variable, updates[path]!);
        variable.assign(constraint === undefined ? updated : constrained(constraint, updated, path));
      }
      changes.assign();
      observer.lookAll('weights', all);
      return kept(following);
    });
    state.optimizerState = next;
    counter.advance();
    return { loss: value!, yPred: yPred! };
  } catch (error) {
    yPred?.dispose();
    changes.dispose();
    value?.dispose();
    throw error;
  }
}
