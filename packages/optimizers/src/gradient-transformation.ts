import type { Config } from '@gradstream/core';
import type { Scalar, Tensor, Variable } from '@tensorflow/tfjs-core';

/** Tensors by weight path: weights, gradients or updates. */
export type Tensors = Readonly<Record<string, Tensor>>;

/** Weights by path that a step changes. */
export type Variables = Readonly<Record<string, Variable>>;

/** What an optimizer remembers between steps: nested plain objects with tensors as leaves. `{}` is the state of a part that remembers nothing. */
export type OptimizerState = Tensor | { readonly [key: string]: OptimizerState };

/** What a step gives: `updates` are added to the weights, `state` replaces the old state. */
export interface Update {
  readonly updates: Tensors;
  readonly state: OptimizerState;
}

/** Tensors that stand for `factor` times themselves; without a factor they stand for themselves. */
export interface ScaledTensors {
  readonly tensors: Tensors;
  readonly factor?: Scalar;
}

/** What `updateScaled` gives. */
export interface ScaledUpdate {
  readonly updates: ScaledTensors;
  readonly state: OptimizerState;
  /** True where a finish asked for the step to be done in place and it was: there are no updates left to add. */
  readonly applied?: boolean;
}

/** What later parts do to a direction, whatever it is: `direction * factor`, plus `weight * decay` where a weight decays. */
export interface Finish {
  readonly factor?: Scalar;
  readonly decay?: Scalar;
  /** Which weights decay, by path. */
  readonly decays?: (path: string) => boolean;
  /** The weights given are variables: the part may add the updates to them itself and write over its memory. It says `applied` if it did. */
  readonly inPlace?: boolean;
}

/**
 * A part of an optimizer, or a whole one: it turns gradients into updates. Anything that fits this interface works in `chain`.
 *
 * Both functions are pure: they run inside the caller's `tf.tidy`, dispose nothing that they were given, read nothing back from the
 * device, and may return the same tensor for a part of the state that did not change. The caller owns the tensors of a state.
 */
export interface GradientTransformation {
  /** The state before the first step, for these weights. */
  init(params: Tensors): OptimizerState;
  /** One step. `gradients` has an entry for every entry of `params`, else `GS_OPTIMIZER_GRADIENT` is thrown. */
  update(gradients: Tensors, state: OptimizerState, params: Tensors): Update;
  /**
   * The same step with one scalar factor left to be multiplied later, on both sides. It is optional and only for speed: `chain` uses it
   * to merge the factors of neighbours, so that each weight is multiplied once.
   */
  readonly updateScaled?: (
    gradients: ScaledTensors,
    state: OptimizerState,
    params: Tensors,
    finish?: Finish,
  ) => ScaledUpdate;
  /** True where `updateScaled` does a `finish` as well, in the same pass: where the backend has the part's kernel. Optional, for speed alone. */
  readonly takesFinish?: () => boolean;
  /** The step of a part that looks at no gradient: what it does to whatever comes in, and its next state. Optional, for speed alone. */
  readonly finish?: (state: OptimizerState) => { readonly finish: Finish; readonly state: OptimizerState };
  /** What the loss has to be multiplied with before gradients are taken, a scalar; `scaledLoss` does it. Optional: without it the loss stays. */
  readonly lossScale?: (state: OptimizerState) => Scalar;
  /** The name of Keras' class and its arguments in camelCase: `optimizer(config)` makes the same again. Recipes have it where all options are JSON. */
  readonly config?: Config;
  /**
   * The same step, done: adds the updates to the weights and gives the next state. Unlike `update` it may write over the data of `state`, which is used up:
   * the caller goes on with what it gets. Data that others share, such as copies of a weight, stays as it is. Optional, for speed and memory.
   */
  readonly apply?: (gradients: Tensors, state: OptimizerState, params: Variables) => OptimizerState;
}
