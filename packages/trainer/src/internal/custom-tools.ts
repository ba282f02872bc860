import { valueAndGradients, type StepCounter } from '@gradstream/autodiff';
import { GradstreamError, type RandomKey } from '@gradstream/core';
import type { Model, ModelBatch } from '@gradstream/layers';
import { scaledLoss } from '@gradstream/optimizers';
import { add, dispose, keep, scalar, Tensor, type Scalar } from '@tensorflow/tfjs-core';
import type { StepNumbers, StepTools } from '../custom-step.js';
import { penalties, tensorsOf } from './objective.js';
import { Observer } from './observer.js';
import { ownOutputs } from './own-outputs.js';
import type { TrainingState } from './training-state.js';
import { takeStep } from './training-step.js';
import { WeightUpdates } from './weight-updates.js';

type Gradients = Readonly<Record<string, Tensor>>;

/** The tools of one step of the user's own. Lives inside of one tidy; `finish` at its end, `dispose` after it. */
export class CustomTools implements StepTools {
  readonly model: Model;
  readonly training: boolean;
  readonly step: StepCounter;
  readonly key: RandomKey;
  readonly #state: TrainingState;
  readonly #observer: Observer;
  readonly #changes: WeightUpdates[] = [];
  readonly #added = new Map<Model, Scalar[]>();
  #left: Tensor[] = [];

  constructor(state: TrainingState, observer?: Observer) {
    this.model = state.model;
    this.training = observer !== undefined;
    this.step = state.counter;
    this.key = state.key;
    this.#state = state;
    this.#observer = observer ?? new Observer();
  }

  run(x: ModelBatch, model: Model = this.model): Tensor[] {
    const inputs = batchTensors(model, x);
    const changes = new WeightUpdates(model);
    this.#changes.push(changes);
    const added = this.#added.get(model) ?? [];
    this.#added.set(model, added);
    const isOwn = model === this.model && this.#observer.wants('activations');
    const { outputs } = model.run(inputs, {
      training: this.training,
      key: this.key,
      step: this.step,
      weights: model.tensors,
      update: changes.take,
      addLoss: (term) => void added.push(term),
      ...(isOwn ? { observe: (path: string, output: Tensor) => this.#observer.look('activations', path, output) } : {}),
    });
    changes.keep();
    return [...ownOutputs(outputs, inputs)];
  }

  penalty(model: Model = this.model): Scalar {
    const terms = [...penalties(model), ...(this.#added.get(model) ?? [])];
    return terms.length === 0 ? scalar(0) : terms.reduce((sum, term) => add(sum, term) as Scalar);
  }

  gradients(loss: () => Scalar, model: Model = this.model): { readonly value: Scalar; readonly gradients: Gradients } {
    const { optimizer, optimizerState, trainable } = this.#learner(model);
    let value: Scalar | undefined;
    const { gradients } = valueAndGradients(() => {
      value = this.#keep(loss());
      return scaledLoss(optimizer, optimizerState, value);
    }, tensorsOf(trainable));
    return { value: value!, gradients };
  }

  update(gradients: Gradients, model: Model = this.model): void {
    if (!this.training) {
      throw new GradstreamError('GS_TRAIN_CUSTOM', {
        where: 'trainer/customStep',
        what: 'A test asks for a step of the optimizer',
        expected: 'tests that change no weight',
        received: 'update() or minimize() in test',
        next: 'Compute the loss without them: tools.run(batch.x).',
      });
    }
    takeStep(this.#learner(model), gradients, model === this.model ? this.#observer : new Observer());
  }

  minimize<T extends Scalar | StepNumbers>(loss: () => T, model: Model = this.model): T {
    let given: T | undefined;
    const { value, gradients } = this.gradients(() => {
      given = loss();
      if (given instanceof Tensor) return given as Scalar;
      const numbers = given as StepNumbers;
      given = Object.fromEntries(Object.entries(numbers).map(([name, one]) => [name, this.#keep(one)])) as T;
      return (given as StepNumbers)['loss']!;
    }, model);
    this.update(gradients, model);
    return given instanceof Tensor ? (value as T) : given!;
  }

  /** Gives layers that keep weights themselves what they computed. */
  finish(): void {
    for (const changes of this.#changes) changes.assign();
  }

  dispose(): void {
    for (const changes of this.#changes) changes.dispose();
    dispose(this.#left);
    this.#left = [];
  }

  /** A number that outlives the function that computed it. */
  #keep(number: Scalar): Scalar {
    const own = keep(number.clone()) as Scalar;
    this.#left.push(own);
    return own;
  }

  #learner(model: Model): TrainingState {
    const found = [this.#state, ...this.#state.others].find((state) => state.model === model);
    if (found !== undefined) return found;
    throw new GradstreamError('GS_TRAIN_CUSTOM', {
      where: 'trainer/customStep',
      what: `The model "${model.name}" has no optimizer here`,
      expected: `one of ${[this.#state, ...this.#state.others].map(({ model: { name } }) => `"${name}"`).join(', ')}`,
      received: `"${model.name}"`,
      next: 'List it in customStep.others with its optimizer.',
    });
  }
}

/** Tensors in the order of a model's inputs. The model itself checks them when it runs. */
function batchTensors({ inputs, name }: Model, x: ModelBatch): readonly Tensor[] {
  const list =
    x instanceof Tensor
      ? [x]
      : Array.isArray(x)
        ? (x as readonly Tensor[])
        : inputs.map((one) => (x as Gradients)[one.name]);
  if (list.length === inputs.length && list.every((one) => one instanceof Tensor)) return list as readonly Tensor[];
  throw new GradstreamError('GS_TRAIN_CUSTOM', {
    where: 'trainer/customStep',
    what: `The model "${name}" is run on something else than its inputs`,
    expected: `a tensor for each of ${inputs.map((one) => one.name).join(', ')}`,
    received: `${list.filter((one) => one instanceof Tensor).length}`,
    next: 'Pass one tensor, a list in the order of the inputs, or a record by their names.',
  });
}
