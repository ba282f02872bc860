import { StepCounter } from '@gradstream/autodiff';
import { foldIn, randomKey, type RandomKey, type SetGradientClipping } from '@gradstream/core';
import type { Model, Weight } from '@gradstream/layers';
import {
  clipByGlobalNorm,
  clipByNorm,
  clipByValue,
  disposeState,
  eachTensor,
  type GradientTransformation,
  type OptimizerState,
} from '@gradstream/optimizers';
import { keep, tidy, type Tensor } from '@tensorflow/tfjs-core';
import { tensorsOf } from './objective.js';
import type { OutputGoal } from './output-goal.js';

/** What a trainer carries from step to step. */
export class TrainingState {
  readonly counter: StepCounter = new StepCounter(0);
  /** The key of everything random in a step. */
  readonly key: RandomKey;
  #clipping: GradientTransformation | undefined;
  #optimizer: GradientTransformation;
  #accumulation = 1;
  #optimizerState: OptimizerState | undefined;
  #stateOf = '';

  constructor(
    readonly model: Model,
    /** The optimizer that was compiled. */
    readonly given: GradientTransformation,
    readonly goals: readonly OutputGoal[],
    seed: number,
  ) {
    this.key = foldIn(randomKey(seed), 'steps');
    this.#optimizer = given;
  }

  /** The optimizer at work: the one that was compiled, or that one behind an accumulation of gradients. */
  get optimizer(): GradientTransformation {
    return this.#optimizer;
  }

  /** Steps whose gradients the optimizer sees together. */
  get accumulation(): number {
    return this.#accumulation;
  }

  /** Goes on with another optimizer at work. */
  use(optimizer: GradientTransformation, optimizerState: OptimizerState, accumulation: number): void {
    this.optimizerState = optimizerState;
    this.#optimizer = optimizer;
    this.#accumulation = accumulation;
  }

  /** The weights that train now. */
  get trainable(): readonly Weight[] {
    return this.model.weights.filter(({ trainable }) => trainable);
  }

  /** The optimizer's state for the weights that train now; fresh where these are others than before. */
  get optimizerState(): OptimizerState {
    const weights = this.trainable;
    const paths = weights.map(({ path }) => path).join('\n');
    if (this.#optimizerState === undefined || this.#stateOf !== paths) {
      this.optimizerState = tidy(() => kept(this.optimizer.init(tensorsOf(weights))));
      this.#stateOf = paths;
    }
    return this.#optimizerState!;
  }

  /** Replaces the state and frees what the new one does not share with it. */
  set optimizerState(next: OptimizerState) {
    const old = this.#optimizerState ?? {};
    this.#optimizerState = next;
    disposeState(old, next);
  }

  setClipping(clipping: SetGradientClipping['clipping']): void {
    const transformations = { value: clipByValue, norm: clipByNorm, globalNorm: clipByGlobalNorm };
    this.#clipping = clipping === null ? undefined : transformations[clipping.by](clipping.threshold);
  }

  /** Gradients as the optimizer sees them. */
  clip(gradients: Record<string, Tensor>, params: Record<string, Tensor>): Readonly<Record<string, Tensor>> {
    return this.#clipping === undefined
      ? gradients
      : this.#clipping.update(gradients, this.#clipping.init(params), params).updates;
  }

  dispose(): void {
    disposeState(this.#optimizerState ?? {});
    this.#optimizerState = undefined;
    this.counter.dispose();
  }
}

/** Keeps a state's tensors beyond the tidy that made them. */
export function kept(state: OptimizerState): OptimizerState {
  eachTensor(state, keep);
  return state;
}
