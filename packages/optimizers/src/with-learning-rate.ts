import { describeValue, GradstreamError } from '@gradstream/core';
import { div, equal, mul, Tensor, tidy, where as select, zerosLike, type Scalar } from '@tensorflow/tfjs-core';
import type { OptimizerState } from './gradient-transformation.js';
import { learningRateOf } from './learning-rate-of.js';

/**
 * The same state with another learning rate: a new tree in which `value` stands at every leaf named `learningRate`. No tensor is copied or
 * disposed; the caller owns `value` and the leaves that it replaced. Under `byPattern` it is the rate of the first group, the default one, and the rates
 * of the other groups keep their ratios to it: they are new tensors, which the caller owns too.
 *
 * Throws `GS_OPTIMIZER_SCHEDULE` where a schedule drives the rate, `GS_OPTIMIZER_LEARNING_RATE` where the state has none or the value is no
 * float32 scalar.
 */
export function withLearningRate(state: OptimizerState, value: Scalar): OptimizerState {
  const where = 'optimizers/withLearningRate';
  if (!(value instanceof Tensor) || value.rank !== 0 || value.dtype !== 'float32') {
    throw new GradstreamError('GS_OPTIMIZER_LEARNING_RATE', {
      where,
      what: 'The learning rate is no scalar tensor',
      expected: 'a float32 tensor of shape []',
      received:
        value instanceof Tensor ? `a ${value.dtype} tensor of shape [${value.shape.join(', ')}]` : describeValue(value),
      next: 'Pass for example tf.scalar(0.001).',
    });
  }
  const old = learningRateOf(state);
  if (old === undefined) {
    throw new GradstreamError('GS_OPTIMIZER_LEARNING_RATE', {
      where,
      what: 'This optimizer has no learning rate',
      expected: 'a state with a leaf named "learningRate"',
      received: 'a state without one',
      next: 'Build the optimizer with scaleByLearningRate(), or with one of the recipes.',
    });
  }
  return replaced(where, state, { old, value });
}

/** A rate, and what takes its place. */
interface Change {
  readonly old: Tensor;
  readonly value: Scalar;
}

function replaced(where: string, state: OptimizerState, change: Change): OptimizerState {
  if (state instanceof Tensor) return state;
  if (state['learningRate'] instanceof Tensor && state['scheduleStep'] instanceof Tensor) {
    throw new GradstreamError('GS_OPTIMIZER_SCHEDULE', {
      where,
      what: 'A schedule drives the learning rate, so it cannot be set',
      expected: 'an optimizer with a number for its learning rate',
      received: 'an optimizer with a schedule',
      next: 'Give the optimizer a number, or change the schedule.',
    });
  }
  return Object.fromEntries(
    Object.entries(state).map(([key, entry]) => {
      if (key === 'learningRate' && entry instanceof Tensor) return [key, change.value];
      return [key, key === 'groups' ? groupsReplaced(where, entry, change) : replaced(where, entry, change)];
    }),
  );
}

function groupsReplaced(where: string, groups: OptimizerState, { old, value }: Change): OptimizerState {
  if (groups instanceof Tensor) return groups;
  return Object.fromEntries(
    Object.entries(groups).map(([label, group]) => {
      const own = learningRateOf(group);
      if (own === undefined || own === old) return [label, replaced(where, group, { old, value })];
      // A first rate of 0 says nothing about ratios: then all groups have the same rate.
      const scaled = tidy(() => select(equal(old, zerosLike(old)), value, mul(value, div(own, old)))) as Scalar;
      return [label, replaced(where, group, { old: own, value: scaled })];
    }),
  );
}
