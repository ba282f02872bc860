import { accumulateGradients, type GradientTransformation, type OptimizerState } from '@gradstream/optimizers';
import { mul, tidy, type Tensor } from '@tensorflow/tfjs-core';
import { Observer } from './observer.js';
import { kept, type TrainingState } from './training-state.js';
import { tensorsOf } from './objective.js';
import { changeWeights } from './training-step.js';

/**
 * Lets the optimizer see the mean of the gradients of so many steps from now on, on top of what it does by itself. Gradients that are collected are used at
 * once: their mean makes a step. The optimizer's memory goes on.
 */
export function setAccumulation(state: TrainingState, steps: number): void {
  if (steps === state.accumulation) return;
  const { given } = state;
  const own = state.accumulation === 1 ? state.optimizerState : flushed(state, given);
  if (steps === 1) state.use(given, own, steps);
  else state.use(accumulateGradients(steps, given), { inner: own }, steps);
}

/** The state of the optimizer inside, after a step on what was collected. */
function flushed(state: TrainingState, given: GradientTransformation): OptimizerState {
  const { inner = {}, sum = {} } = state.optimizerState as Readonly<Record<string, OptimizerState>>;
  const [count, sums] = Object.entries(sum)[0] ?? [];
  if (count === undefined) return inner;
  return tidy(() => {
    const mean = Object.fromEntries(
      Object.entries(sums as Readonly<Record<string, Tensor>>).map(([path, total]) => [
        path,
        mul(total, 1 / Number(count)),
      ]),
    );
    const { trainable } = state;
    return kept(changeWeights({ optimizer: given, trainable }, tensorsOf(trainable), mean, inner, new Observer()));
  });
}
