import type { Mask, Model, Weight } from '@gradstream/layers';
import { computeLoss } from '@gradstream/objectives';
import { penalty } from '@gradstream/regularizers';
import { add, mul, scalar, type Scalar, type Tensor } from '@tensorflow/tfjs-core';
import type { OutputGoal } from './output-goal.js';

/** What is minimized, and the losses of the outputs that have one, before their weights. */
export interface ObjectiveValue {
  readonly total: Scalar;
  readonly parts: readonly Scalar[];
}

/** The outputs of a batch with what they are compared with. */
export interface ComparedBatch {
  readonly targets: readonly (Tensor | undefined)[];
  readonly outputs: readonly Tensor[];
  readonly masks: readonly Mask[];
  /** What each output's samples are weighed with, where something does. */
  readonly sampleWeights?: readonly (Tensor | undefined)[];
}

/** The weighted sum of the outputs' losses, each by its own reduction, mask and sample weights, plus the penalties of the weights that train and what layers added. */
export function objective(
  goals: readonly OutputGoal[],
  model: Model,
  { targets, outputs, masks, sampleWeights = [] }: ComparedBatch,
  added: readonly Scalar[] = [],
): ObjectiveValue {
  const parts: Scalar[] = [];
  let total: Scalar | undefined;
  const plus = (term: Scalar): void => {
    total = total === undefined ? term : (add(total, term) as Scalar);
  };
  goals.forEach(({ loss, weight }, index) => {
    if (loss === undefined) return;
    const [mask, sampleWeight] = [masks[index], sampleWeights[index]];
    const part = computeLoss(loss, targets[index]!, outputs[index]!, {
      ...(mask === undefined ? {} : { mask }),
      ...(sampleWeight === undefined ? {} : { sampleWeight }),
    }) as Scalar;
    parts.push(part);
    plus(weight === 1 ? part : (mul(part, weight) as Scalar));
  });
  for (const term of penalties(model)) plus(term);
  for (const term of added) plus(term);
  return { total: total ?? scalar(0), parts };
}

/** What the regularizers of the weights that train add to the loss. */
export function penalties(model: Model): readonly Scalar[] {
  const terms: Scalar[] = [];
  for (const { path, regularizer, trainable, variable } of model.weights)
    if (regularizer !== undefined && trainable) terms.push(penalty(regularizer, variable, path));
  return terms;
}

/** The weights' tensors by path, as layers and optimizers take them. */
export function tensorsOf(weights: readonly Weight[]): Record<string, Weight['variable']> {
  return Object.fromEntries(weights.map(({ path, variable }) => [path, variable]));
}
