import { describeShape, describeValue, type Json } from '@gradstream/core';
import { stateTensors } from '@gradstream/optimizers';
import { tidy } from '@tensorflow/tfjs-core';
import { tensorsOf } from '../../internal/objective.js';
import type { TrainingPlan } from '../../internal/training-plan.js';
import type { TrainingState } from '../../internal/training-state.js';
import { workNames } from '../../internal/work-for.js';
import { checkpointError } from '../checkpoint-error.js';
import { firstDifference } from './first-difference.js';

/** What is trained with what, as far as resuming depends on it, the plainest differences first. */
export function trainingDefinition(where: string, state: TrainingState, plan: TrainingPlan): Json {
  return {
    ...modelDefinition(state),
    outputs: state.goals.map(({ name, weight, loss }) => ({
      name,
      weight,
      loss: loss === undefined ? null : loss.name,
      lossConfig: (loss?.config as Json | undefined) ?? null,
    })),
    logs: workNames(where, state),
    seed: state.seed,
    precision: state.precision,
    stepsPerEpoch: plan.stepsPerEpoch ?? null,
    batches: plan.data.size ?? null,
    classWeights: (plan.classWeights ?? []).map((weights) => (weights === undefined ? null : [...weights.entries()])),
    others: state.others.map(modelDefinition),
  };
}

function modelDefinition(state: TrainingState): { readonly [key: string]: Json } {
  return {
    weights: state.model.weights.map(({ path, shape, trainable }) => ({
      path,
      shape: describeShape(shape),
      trains: trainable,
    })),
    layers: configOf(state),
    optimizer: (state.given.config as Json | undefined) ?? null,
    optimizerState: Object.fromEntries(
      freshOptimizer(state, 1).map(([path, { dtype, shape }]) => [path, `${dtype} ${describeShape(shape)}`]),
    ),
  };
}

/** The tensors of an optimizer's state before the first step, as descriptions. */
export function freshOptimizer(
  state: TrainingState,
  accumulation: number,
): [string, { readonly dtype: string; readonly shape: readonly number[] }][] {
  return tidy(() =>
    Object.entries(stateTensors(state.optimizerFor(accumulation).init(tensorsOf(state.trainable)))).map(
      ([path, { dtype, shape }]): [string, { dtype: string; shape: number[] }] => [path, { dtype, shape: [...shape] }],
    ),
  );
}

/** The model's layers with their settings; null where a layer of one's own cannot say them. */
function configOf({ model }: TrainingState): Json {
  try {
    // As it comes back from a file, and without the seeds of models: the weights were drawn long ago.
    return JSON.parse(JSON.stringify(model.toConfig().config), (_, value: unknown) =>
      isGraph(value) ? { ...value, seed: null } : value,
    ) as Json;
  } catch {
    return null;
  }
}

const isGraph = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && 'layers' in value && 'nodes' in value;

/** Throws `GS_CHECKPOINT_DIFFERS` with the first difference between what a checkpoint was made with and what is to be resumed. */
export function checkDefinition(where: string, name: string, saved: Json, given: Json): void {
  const difference = firstDifference(saved, given);
  if (difference === null) return;
  const { path } = difference;
  const [there, here] = [difference.saved, difference.given].map((value) =>
    value === undefined ? 'not there' : describeValue(value),
  ) as [string, string];
  throw checkpointError('GS_CHECKPOINT_DIFFERS', {
    where,
    what: `The checkpoint ${name} is one of another training: ${path} is ${there} in the checkpoint and ${here} here`,
    expected: `${path} ${there}`,
    received: here,
    next:
      path === 'seed'
        ? `Pass seed: ${String(difference.saved)} to compile: without a seed each start draws another.`
        : 'Resume with the program that wrote it, or take its weights alone: model.setWeights((await readCheckpoint(store)).weights).',
  });
}
