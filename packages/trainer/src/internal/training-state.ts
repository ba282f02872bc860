import { StepCounter } from '@gradstream/autodiff';
import { foldIn, randomKey, type RandomKey, type SetGradientClipping } from '@gradstream/core';
import type { Model, Weight } from '@gradstream/layers';
import {
  accumulateGradients,
  clipByGlobalNorm,
  clipByNorm,
  clipByValue,
  disposeState,
  eachTensor,
  optimizer as findOptimizer,
  type GradientTransformation,
  type OptimizerState,
} from '@gradstream/optimizers';
import { keep, tidy, type Tensor, type Variable } from '@tensorflow/tfjs-core';
import type { CustomStep } from '../custom-step.js';
import { tensorsOf } from './objective.js';
import type { OutputGoal } from './output-goal.js';
import type { Precision } from './precision.js';

/** How a trainer trains, beside model, optimizer and goals. */
export interface TrainingSettings {
  /** What is random is drawn from it: dropout, the order of arrays. */
  readonly seed: number;
  /** Batches whose gradients make one step of the optimizer. */
  readonly gradientAccumulation?: number;
  /** Steps between two looks at the commands. */
  readonly stepsPerExecution?: number;
  readonly precision?: Precision;
  readonly runEagerly?: boolean | undefined;
  /** The step of one's own, in place of the usual one. */
  readonly customStep?: CustomStep | undefined;
}

/** What a trainer carries from step to step. */
export class TrainingState {
  readonly counter: StepCounter = new StepCounter(0);
  readonly seed: number;
  readonly stepsPerExecution: number;
  readonly precision: Precision;
  readonly runEagerly: boolean | undefined;
  readonly customStep: CustomStep | undefined;
  /** What a step of one's own trains beside the model. */
  readonly others: readonly TrainingState[];
  /** The key of everything random in a step. */
  readonly key: RandomKey;
  #clipping: GradientTransformation | undefined;
  #clippingOf: SetGradientClipping['clipping'] = null;
  #optimizer: GradientTransformation;
  #accumulation: number;
  #optimizerState: OptimizerState | undefined;
  #stateOf = '';
  #trainable: readonly Weight[] = [];
  #trained: Readonly<Record<string, Variable>> = {};
  #paths = '';

  constructor(
    readonly model: Model,
    /** The optimizer that was compiled. */
    readonly given: GradientTransformation,
    readonly goals: readonly OutputGoal[],
    settings: TrainingSettings,
  ) {
    this.seed = settings.seed;
    this.stepsPerExecution = settings.stepsPerExecution ?? 1;
    this.precision = settings.precision ?? 'float32';
    this.runEagerly = settings.runEagerly;
    this.customStep = settings.customStep;
    const { customStep: _, ...shared } = settings;
    this.others = (settings.customStep?.others ?? []).map(
      (other) => new TrainingState(other.model, findOptimizer(other.optimizer), [], shared),
    );
    this.#accumulation = settings.gradientAccumulation ?? 1;
    this.#optimizer = this.optimizerFor(this.#accumulation);
    this.key = foldIn(randomKey(settings.seed), 'steps');
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

  /** The compiled optimizer behind an accumulation of so many steps. */
  optimizerFor(accumulation: number): GradientTransformation {
    return accumulation === 1 ? this.given : accumulateGradients(accumulation, this.given);
  }

  /** The weights that train now: the same list until others do. */
  get trainable(): readonly Weight[] {
    const { weights } = this.model;
    if (!this.#isStill(weights)) {
      this.#trainable = weights.filter(({ trainable }) => trainable);
      this.#trained = tensorsOf(this.#trainable);
      this.#paths = Object.keys(this.#trained).join('\n');
    }
    return this.#trainable;
  }

  /** Their tensors by path: one object in every step. */
  get trained(): Readonly<Record<string, Variable>> {
    return this.trainable.length === 0 ? {} : this.#trained;
  }

  /** The optimizer's state for the weights that train now; fresh where these are others than before. */
  get optimizerState(): OptimizerState {
    const { trained } = this;
    if (this.#optimizerState === undefined || this.#stateOf !== this.#paths) {
      this.optimizerState = tidy(() => kept(this.optimizer.init(trained)));
      this.#stateOf = this.#paths;
    }
    return this.#optimizerState!;
  }

  #isStill(weights: readonly Weight[]): boolean {
    let count = 0;
    for (const weight of weights) if (weight.trainable && this.#trainable[count++] !== weight) return false;
    return count === this.#trainable.length;
  }

  /** Replaces the state and frees what the new one does not share with it. */
  set optimizerState(next: OptimizerState) {
    const old = this.#optimizerState ?? {};
    this.#optimizerState = next;
    disposeState(old, next);
  }

  /** How gradients are clipped, as a command set it. */
  get clipping(): SetGradientClipping['clipping'] {
    return this.#clippingOf;
  }

  setClipping(clipping: SetGradientClipping['clipping']): void {
    this.#clippingOf = clipping;
    const transformations = { value: clipByValue, norm: clipByNorm, globalNorm: clipByGlobalNorm };
    this.#clipping = clipping === null ? undefined : transformations[clipping.by](clipping.threshold);
  }

  /** Gradients as the optimizer sees them. */
  clip(gradients: Readonly<Record<string, Tensor>>, params: Record<string, Tensor>): Readonly<Record<string, Tensor>> {
    return this.#clipping === undefined
      ? gradients
      : this.#clipping.update(gradients, this.#clipping.init(params), params).updates;
  }

  dispose(): void {
    disposeState(this.#optimizerState ?? {});
    this.#optimizerState = undefined;
    for (const other of this.others) other.dispose();
    this.counter.dispose();
  }
}

/** Keeps a state's tensors beyond the tidy that made them. */
export function kept(state: OptimizerState): OptimizerState {
  eachTensor(state, keep);
  return state;
}
