import type { NamedAttrMap, TensorInfo } from '@tensorflow/tfjs-core';
import { Rule } from '../../internal/codes.js';
import type { Kernel, KernelCall } from '../kernel.js';
import { input, isFloat, isFloats, placeOf, sizeOf } from './operands.js';

const f32 = Math.fround;

/** What a rule is with given attributes. */
interface RuleSetup {
  readonly rule: Rule;
  /** The names of what it remembers of each weight. */
  readonly states: readonly string[];
  /** The three numbers that its formula takes. */
  readonly parameters: readonly [number, number, number];
  /** What it remembers of the steps, scalars: their next values, from the present ones. */
  readonly scalars?: Readonly<Record<string, (value: number) => number>>;
  /** What the direction is to be multiplied with, from the next values of the scalars. */
  readonly factor?: (scalars: Readonly<Record<string, number>>) => number;
}

const number = (attrs: NamedAttrMap, name: string): number => attrs[name] as number;
/** The sum that a constant 1 gives with this decay: the next value, as float32 kernels compute it. */
const weigh =
  (decay: number) =>
  (value: number): number =>
    f32(f32(value * f32(decay)) + 1);

const rules: Readonly<Record<string, (attrs: NamedAttrMap) => RuleSetup>> = {
  GradstreamSgd: (attrs) => {
    const momentum = (attrs['momentum'] as number | undefined) ?? 0;
    if (momentum === 0) return { rule: Rule.Scale, states: [], parameters: [0, 0, 0] };
    return {
      rule: attrs['nesterov'] === true ? Rule.Nesterov : Rule.Momentum,
      states: ['v'],
      parameters: [momentum, 0, 0],
    };
  },
  GradstreamRmsprop: (attrs) => {
    const [rho, epsilon] = [number(attrs, 'rho'), number(attrs, 'epsilon')];
    const centered = attrs['centered'] === true;
    return {
      rule: centered ? Rule.CenteredRms : Rule.Rms,
      states: centered ? ['v', 'a'] : ['v'],
      parameters: [rho, epsilon / (1 - rho), 1 - rho],
      factor: () => f32(1 / Math.sqrt(1 - rho)),
    };
  },
  GradstreamAdam: (attrs) => {
    const [beta1, beta2] = [number(attrs, 'beta1'), number(attrs, 'beta2')];
    const amsgrad = attrs['amsgrad'] === true;
    return {
      rule: amsgrad ? Rule.Amsgrad : Rule.Adam,
      states: amsgrad ? ['m', 'v', 'vMax'] : ['m', 'v'],
      parameters: [beta1, beta2, number(attrs, 'epsilon') / Math.sqrt(1 - beta2)],
      scalars: { mWeight: weigh(beta1), vWeight: weigh(beta2) },
      factor: ({ mWeight, vWeight }) => f32(f32(Math.sqrt(vWeight!)) / mWeight!),
    };
  },
  GradstreamAdagrad: (attrs) => ({
    rule: Rule.Adagrad,
    states: ['v'],
    parameters: [0, number(attrs, 'epsilon'), 0],
  }),
  GradstreamAdamax: (attrs) => ({
    rule: Rule.Adamax,
    states: ['m', 'u'],
    parameters: [number(attrs, 'beta1'), number(attrs, 'beta2'), number(attrs, 'epsilon')],
    scalars: { mWeight: weigh(number(attrs, 'beta1')) },
    factor: ({ mWeight }) => f32(1 / mWeight!),
  }),
  GradstreamLion: (attrs) => ({
    rule: Rule.Lion,
    states: ['m'],
    parameters: [number(attrs, 'beta1'), number(attrs, 'beta2'), 0],
  }),
};

/**
 * Optimizers: one call does one step of all weights, one pass over each weight's memory. Pure unless it works in place: everything that it gives is new.
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
export const optimizerKernels: readonly Kernel[] = Object.entries(rules).map(([name, setup]) => ({
  name,
  run: (call) => step(call, setup(call.attrs)),
}));

function step(
  call: KernelCall,
  { rule, states, parameters, scalars = {}, factor }: RuleSetup,
): TensorInfo[] | undefined {
  const { backend } = call;
  const names = Object.keys(scalars);
  if (![...names, 'before', 'after', 'decay'].every((name) => isFloats(input(call, name), 1))) return undefined;
  if (names.some((name) => input(call, name) === undefined)) return undefined;
  const weights = weightsOf(call, states);
  if (weights === undefined) return undefined;
  const inPlace = weights.length > 0 && weights[0]!.target !== undefined;
  if (weights.some(({ target }) => (target !== undefined) !== inPlace)) return undefined;

  const at = (x: TensorInfo | undefined): number => (x === undefined ? 0 : backend.address(x));
  const results: TensorInfo[] = [];
  const made = (shape: number[]): TensorInfo => {
    const x = backend.output(shape, 'float32');
    results.push(x);
    return x;
  };
  const parts = weights.map(({ gradient, weight, memory, target }) => {
    const from = [at(memory[0]), at(memory[1]), at(memory[2])] as const;
    const to = inPlace ? [target, ...memory] : [gradient, ...memory].map(({ shape }) => made(shape));
    return {
      size: sizeOf(gradient),
      from: [at(gradient), at(weight), ...from] as const,
      to: [at(to[0]), at(to[1]), at(to[2]), at(to[3])] as const,
    };
  });
  const steps = names.map((name) => {
    const x = input(call, name)!;
    return { name, from: placeOf(backend, x), to: placeOf(backend, inPlace ? x : made([])) };
  });
  const [beforeAt, afterAt, decayAt] = ['before', 'after', 'decay'].map((name) => {
    const x = input(call, name);
    return x === undefined ? undefined : placeOf(backend, x);
  });
  const { runtime } = backend;
  runtime.aside(() => {
    const { wasm, floats } = runtime;
    const one = (place: number | undefined): number | undefined => (place === undefined ? undefined : floats[place]!);
    const next: Record<string, number> = {};
    for (const { name, from } of steps) next[name] = scalars[name]!(floats[from]!);
    const direction = factor?.(next) ?? 1;
    const last = one(afterAt);
    const numbers = [
      one(beforeAt) ?? 1,
      last === undefined ? direction : f32(last * direction),
      one(decayAt) ?? 0,
    ] as const;
    for (const { size, from, to } of parts)
      wasm.optimizer(rule, size, ...from, ...to, ...numbers, ...parameters, Number(inPlace));
    for (const { name, to } of steps) floats[to] = next[name]!;
  });
  return results;
}

interface WeightInputs {
  readonly gradient: TensorInfo;
  readonly weight: TensorInfo | undefined;
  readonly memory: readonly TensorInfo[];
  /** What the update is added to, where the step is done in place. */
  readonly target: TensorInfo | undefined;
}

const numberedNames: Record<string, string[]> = {};

/** A name with a number behind it, kept from one step to the next. */
function numbered(name: string, index: number): string {
  const names = (numberedNames[name] ??= []);
  return (names[index] ??= `${name}${index}`);
}

/** The inputs by weight; undefined where one is missing or does not fit its gradient. */
function weightsOf(call: KernelCall, states: readonly string[]): WeightInputs[] | undefined {
  const weights: WeightInputs[] = [];
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
