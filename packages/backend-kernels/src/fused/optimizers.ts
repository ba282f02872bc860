import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Kernel, KernelCall, OutputBackend } from '../kernel.js';
import { optimizerRules, type OptimizerSetup } from './optimizer-rules.js';
import { input, isFloat, isFloats } from './operands.js';

/** What a step takes of one weight. */
export interface OptimizedWeight {
  readonly gradient: TensorInfo;
  readonly weight: TensorInfo | undefined;
  readonly memory: readonly TensorInfo[];
  /** What the update is added to, where the step is done in place. */
  readonly target: TensorInfo | undefined;
}

/** Does one step of all weights. In place it gives nothing; else, for each weight, the update and its next memory, then the next scalars. */
export type OptimizerStep<B> = (
  call: KernelCall<B>,
  setup: OptimizerSetup,
  weights: readonly OptimizedWeight[],
  isInPlace: boolean,
) => TensorInfo[];

/**
 * Optimizers: one call does one step of all weights. Pure unless it works in place: everything that it gives is new.
 *
 * Inputs for weight i from 0 on: `gradient{i}`, what is remembered of it under the names below, such as `m{i}`, and `weight{i}` where the weight decays.
 * Scalars, float32, all of them optional but those a rule remembers: `before`, which every gradient is multiplied with; `after`, which every direction
 * is (the negative learning rate); `decay`, which `weight{i}` is before it is added (the negative learning rate times the decay). Outputs: for each weight
 * the update and its next memory in the order of the names; then the next scalars.
 *
 * In place: with `target{i}` for each weight the update is added to that tensor, and the next memory and the next scalars are written over the present ones.
 * Nothing is given then: a step allocates nothing. The caller sees to it that nobody else shares the data.
 *
 * In the formulas g is the gradient times `before`; the update is direction * after + weight * decay. The same bits as single kernels in this order give.
 *
 * - `GradstreamSgd` (`momentum` = 0, `nesterov`): the direction is g; with a momentum `v = v momentum + g`, direction v, Nesterov `v momentum + g`.
 * - `GradstreamRmsprop` (`rho`, `epsilon`, `centered`): `v = v rho + g^2`, `a = a rho + g` (centered); direction `g / sqrt(v + epsilon / (1 - rho))`,
 *   centered `g / sqrt(v - a^2 (1 - rho) + epsilon / (1 - rho))`, times `1 / sqrt(1 - rho)`.
 * - `GradstreamAdam` (`beta1`, `beta2`, `epsilon`, `amsgrad`), scalars `mWeight = mWeight beta1 + 1` and `vWeight` likewise: `m = m beta1 + g`, `v = v beta2 + g^2`,
 *   `vMax = max(vMax, v)` (AMSGrad); direction `m / (sqrt(v) + epsilon / sqrt(1 - beta2))`, AMSGrad with vMax, times `sqrt(vWeight) / mWeight`.
 * - `GradstreamAdagrad` (`epsilon`): `v = v + g^2`, direction `g / sqrt(v + epsilon)`.
 * - `GradstreamAdamax` (`beta1`, `beta2`, `epsilon`), scalar `mWeight`: `m = m beta1 + g`, `u = max(u beta2, |g|)`; direction `m / (u + epsilon)` times `1 / mWeight`.
 * - `GradstreamLion` (`beta1`, `beta2`): direction `sign(m beta1 + g (1 - beta1))`, where NaN stays NaN; then `m = m beta2 + g (1 - beta2)`.
 *
 * Sources: see @gradstream/optimizers; Duchi, Hazan, Singer, 2011 (Adagrad); Kingma and Ba, 2015 (Adamax); Chen et al., "Symbolic discovery of optimization
 * algorithms", 2023 (Lion).
 */
export function optimizerKernels<B extends OutputBackend>(step: OptimizerStep<B>): readonly Kernel<B>[] {
  return Object.entries(optimizerRules).map(([name, setupOf]) => ({
    name,
    run: (call) => run(call, setupOf(call.attrs), step),
  }));
}

function run<B>(call: KernelCall<B>, setup: OptimizerSetup, step: OptimizerStep<B>): TensorInfo[] | undefined {
  const names = Object.keys(setup.scalars);
  if (![...names, 'before', 'after', 'decay'].every((name) => isFloats(input(call, name), 1))) return undefined;
  if (names.some((name) => input(call, name) === undefined)) return undefined;
  const weights = weightsOf(call, setup.states);
  if (weights === undefined) return undefined;
  const isInPlace = weights.length > 0 && weights[0]!.target !== undefined;
  if (weights.some(({ target }) => (target !== undefined) !== isInPlace)) return undefined;
  return step(call, setup, weights, isInPlace);
}

const numberedNames: Record<string, string[]> = {};

/** A name with a number behind it, kept from one step to the next. */
function numbered(name: string, index: number): string {
  const names = (numberedNames[name] ??= []);
  return (names[index] ??= `${name}${index}`);
}

/** The inputs by weight; undefined where one is missing or does not fit its gradient. */
function weightsOf(call: KernelCall<unknown>, states: readonly string[]): OptimizedWeight[] | undefined {
  const weights: OptimizedWeight[] = [];
  for (let index = 0; ; index++) {
    const gradient = input(call, numbered('gradient', index));
    if (gradient === undefined) return weights;
    const weight = input(call, numbered('weight', index));
    const target = input(call, numbered('target', index));
    if (!isFloat(gradient)) return undefined;
    const { shape } = gradient;
    const memory: TensorInfo[] = [];
    for (const state of states) {
      const x = input(call, numbered(state, index));
      if (!isFloat(x, shape)) return undefined;
      memory.push(x);
    }
    if (weight !== undefined && !isFloat(weight, shape)) return undefined;
    if (target !== undefined && !isFloat(target, shape)) return undefined;
    weights.push({ gradient, weight, memory, target });
  }
}
