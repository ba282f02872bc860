import { valueAndGradients } from '@gradstream/autodiff';
import { GradstreamError } from '@gradstream/core';
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

const WHERE = 'trainer/customStep';

/** The tools of one step of the user's own, and its end. */
export interface CustomTools {
  readonly tools: StepTools;
  /** Gives layers that keep weights themselves what they computed. */
  finish(): void;
  /** Frees what the tools kept, after the step's tidy. */
  dispose(): void;
}

/** Tools for one step, to be used inside of one tidy. With an observer the step trains, without one it tests. */
export function customTools(state: TrainingState, observer: Observer | undefined): CustomTools {
  const training = observer !== undefined;
  const looks = observer ?? new Observer();
  const nobody = new Observer();
  const changes: WeightUpdates[] = [];
  const added = new Map<Model, Scalar[]>();
  const left: Tensor[] = [];
  /** A number that outlives the function that computed it. */
  const keepNumber = (number: Scalar): Scalar => {
    const own = keep(number.clone()) as Scalar;
    left.push(own);
    return own;
  };

  const run = (x: ModelBatch, model: Model = state.model): Tensor[] => {
    const inputs = batchTensors(model, x);
    if (model === state.model) model.inputs.forEach(({ name }, index) => looks.look('inputs', name, inputs[index]!));
    const change = new WeightUpdates(model);
    changes.push(change);
    const terms = added.get(model) ?? [];
    added.set(model, terms);
    const isLookedAt = model === state.model && looks.wants('activations');
    const { outputs } = model.run(inputs, {
      training,
      key: state.key,
      step: state.counter,
      weights: model.tensors,
      update: change.take,
      addLoss: (term) => void terms.push(term),
      ...(isLookedAt ? { observe: (path: string, output: Tensor) => looks.look('activations', path, output) } : {}),
    });
    change.keep();
    return [...ownOutputs(outputs, inputs)];
  };

  const penalty = (model: Model = state.model): Scalar => {
    const terms = [...penalties(model), ...(added.get(model) ?? [])];
    return terms.length === 0 ? scalar(0) : terms.reduce((sum, term) => add(sum, term) as Scalar);
  };

  const gradients: StepTools['gradients'] = (loss, model = state.model) => {
    const { optimizer, optimizerState, trainable } = learner(state, model);
    let value: Scalar | undefined;
    const { gradients: found } = valueAndGradients(() => {
      value = keepNumber(loss());
      if (model === state.model) looks.look('loss', 'loss', value);
      return scaledLoss(optimizer, optimizerState, value);
    }, tensorsOf(trainable));
    return { value: value!, gradients: found };
  };

  const update: StepTools['update'] = (found, model = state.model) => {
    if (!training) throw changesInTest();
    const learning = learner(state, model);
    takeStep(learning, tensorsOf(learning.trainable), found, model === state.model ? looks : nobody);
  };

  const minimize = <T extends Scalar | StepNumbers>(loss: () => T, model: Model = state.model): T => {
    if (!training) throw changesInTest();
    let numbers: StepNumbers | undefined;
    const { value, gradients: found } = gradients(() => {
      const given = loss();
      if (given instanceof Tensor) return given as Scalar;
      numbers = Object.fromEntries(Object.entries(given as StepNumbers).map(([name, one]) => [name, keepNumber(one)]));
      const total = numbers['loss'];
      if (total !== undefined) return total;
      throw refused(
        'What is minimized has no loss',
        'a scalar, or a record with "loss"',
        Object.keys(numbers).join(', '),
      );
    }, model);
    update(found, model);
    return (numbers ?? value) as T;
  };

  return {
    tools: {
      model: state.model,
      training,
      step: state.counter,
      key: state.key,
      run,
      penalty,
      gradients,
      update,
      minimize,
    },
    finish: () => {
      for (const change of changes) change.assign();
      looks.lookAll('weights', state.model.tensors);
    },
    dispose: () => {
      changes.forEach((change) => change.dispose());
      dispose(left);
    },
  };
}

function learner(state: TrainingState, model: Model): TrainingState {
  const all = [state, ...state.others];
  const found = all.find((one) => one.model === model);
  if (found !== undefined) return found;
  const names = all.map((one) => `"${one.model.name}"`).join(', ');
  throw refused(
    `The model "${model.name}" has no optimizer here`,
    `one of ${names}, or one of customStep.others`,
    `"${model.name}"`,
  );
}

/** Tensors in the order of a model's inputs. */
function batchTensors({ inputs, name }: Model, x: ModelBatch): readonly Tensor[] {
  const named = x as Readonly<Record<string, Tensor | undefined>>;
  const list: readonly (Tensor | undefined)[] =
    x instanceof Tensor ? [x] : Array.isArray(x) ? x : inputs.map((one) => named[one.name]);
  const fits =
    list.length === inputs.length &&
    list.every((one, index) => one instanceof Tensor && one.rank === inputs[index]!.shape.length);
  if (fits) return list as readonly Tensor[];
  const expected = inputs.map((one) => `${one.name} of ${one.shape.length} dimensions`).join(', ');
  const received = list.map((one) => (one instanceof Tensor ? `[${one.shape.join(', ')}]` : 'no tensor')).join(', ');
  throw refused(`The model "${name}" is run on something else than its inputs`, expected, received);
}

const changesInTest = (): GradstreamError =>
  refused('A test asks for a step of the optimizer', 'tests that change no weight', 'update() or minimize() in test');

function refused(what: string, expected: string, received: string): GradstreamError {
  return new GradstreamError('GS_TRAIN_CUSTOM', {
    where: WHERE,
    what,
    expected,
    received,
    next: 'Mend the customStep: its tools are described in StepTools.',
  });
}
