import type { NamedAttrMap, TensorInfo } from '@tensorflow/tfjs-core';
import { addressWords } from '../../driver/kernel-arguments.js';
import { sizeOf } from '../../internal/elements.js';
import { blocks, THREADS } from '../../internal/grid.js';
import { kernelsIn } from '../../internal/modules.js';
import type { Kernel, KernelCall } from '../kernel.js';
import { addressOr0, input, isFloat, isFloats } from './operands.js';

const kernels = kernelsIn('optimizer', { optimizer: 'iispfffi', optimizer_numbers: 'pppppppffifp' });

/** Rules and factors by their numbers in kernels/optimizer.cu. */
const Rule = {
  scale: 0,
  momentum: 1,
  nesterov: 2,
  rms: 3,
  centeredRms: 4,
  adam: 5,
  amsgrad: 6,
  adagrad: 7,
  adamax: 8,
  lion: 9,
} as const;
const Factor = { one: 0, constant: 1, adam: 2, inverse: 3 } as const;

/** What a rule is with given attributes. */
interface RuleSetup {
  readonly rule: number;
  /** The names of what it remembers of each weight. */
  readonly states: readonly string[];
  /** The three numbers that its formula takes. */
  readonly parameters: readonly [number, number, number];
  /** What it remembers of the steps, scalars, and how much of each is left at the next one. */
  readonly scalars?: Readonly<Record<string, number>>;
  /** What the direction is multiplied with, and the number for `constant`. */
  readonly factor?: readonly [number, number];
}

const number = (attrs: NamedAttrMap, name: string): number => attrs[name] as number;

const rules: Readonly<Record<string, (attrs: NamedAttrMap) => RuleSetup>> = {
  GradstreamSgd: (attrs) => {
    const momentum = (attrs['momentum'] as number | undefined) ?? 0;
    if (momentum === 0) return { rule: Rule.scale, states: [], parameters: [0, 0, 0] };
    const rule = attrs['nesterov'] === true ? Rule.nesterov : Rule.momentum;
    return { rule, states: ['v'], parameters: [momentum, 0, 0] };
  },
  GradstreamRmsprop: (attrs) => {
    const [rho, epsilon] = [number(attrs, 'rho'), number(attrs, 'epsilon')];
    const centered = attrs['centered'] === true;
    return {
      rule: centered ? Rule.centeredRms : Rule.rms,
      states: centered ? ['v', 'a'] : ['v'],
      parameters: [rho, epsilon / (1 - rho), 1 - rho],
      factor: [Factor.constant, 1 / Math.sqrt(1 - rho)],
    };
  },
  GradstreamAdam: (attrs) => {
    const [beta1, beta2] = [number(attrs, 'beta1'), number(attrs, 'beta2')];
    const amsgrad = attrs['amsgrad'] === true;
    return {
      rule: amsgrad ? Rule.amsgrad : Rule.adam,
      states: amsgrad ? ['m', 'v', 'vMax'] : ['m', 'v'],
      parameters: [beta1, beta2, number(attrs, 'epsilon') / Math.sqrt(1 - beta2)],
      scalars: { mWeight: beta1, vWeight: beta2 },
      factor: [Factor.adam, 0],
    };
  },
  GradstreamAdagrad: (attrs) => ({ rule: Rule.adagrad, states: ['v'], parameters: [0, number(attrs, 'epsilon'), 0] }),
  GradstreamAdamax: (attrs) => ({
    rule: Rule.adamax,
    states: ['m', 'u'],
    parameters: [number(attrs, 'beta1'), number(attrs, 'beta2'), number(attrs, 'epsilon')],
    scalars: { mWeight: number(attrs, 'beta1') },
    factor: [Factor.inverse, 0],
  }),
  GradstreamLion: (attrs) => ({
    rule: Rule.lion,
    states: ['m'],
    parameters: [number(attrs, 'beta1'), number(attrs, 'beta2'), 0],
  }),
};

/** Weights that one launch takes, elements a block does, and words of a weight; see kernels/optimizer.cu. */
const WEIGHTS = 40;
const CHUNK = 1024;
const WORDS = 20;

/**
 * Optimizers: one call does one step of all weights. Inputs, outputs, formulas and what "in place" means are those of the backend wasm-simd's kernels of the
 * same names, and so are the bits: see @gradstream/backend-wasm, `src/kernels/fused/optimizers.ts`. Scalars are read and written on the device alone, so that a
 * captured step follows its learning rate.
 */
export const optimizerKernels: readonly Kernel[] = Object.entries(rules).map(([name, setup]) => ({
  name,
  run: (call) => step(call, setup(call.attrs)),
}));

interface WeightInputs {
  readonly gradient: TensorInfo;
  readonly weight: TensorInfo | undefined;
  readonly memory: readonly TensorInfo[];
  /** What the update is added to, where the step is done in place. */
  readonly target: TensorInfo | undefined;
}

function step(
  call: KernelCall,
  { rule, states, parameters, scalars = {}, factor = [Factor.one, 0] }: RuleSetup,
): TensorInfo[] | undefined {
  const { backend } = call;
  const names = Object.keys(scalars);
  if (![...names, 'before', 'after', 'decay'].every((name) => isFloats(input(call, name), 1))) return undefined;
  if (names.some((name) => input(call, name) === undefined)) return undefined;
  const weights = weightsOf(call, states);
  if (weights === undefined) return undefined;
  const inPlace = weights.length > 0 && weights[0]!.target !== undefined;
  if (weights.some(({ target }) => (target !== undefined) !== inPlace)) return undefined;

  const next = names.map((name) => (inPlace ? input(call, name)! : backend.output([], 'float32')));
  const outputs = weights.map(({ gradient, memory, target }) =>
    inPlace ? [target!, ...memory] : [gradient, ...memory].map(({ shape }) => backend.output(shape, 'float32')),
  );
  backend.runtime.withScratch(12, (numbers) => {
    const given = ['before', 'after', 'decay', names[0] ?? '', names[1] ?? ''].map((name) => addressOr0(call, name));
    const out = [0, 1].map((index) => (next[index] === undefined ? 0 : backend.writable(next[index])));
    const betas = [0, 1].map((index) => scalars[names[index] ?? ''] ?? 0);
    backend.runtime.launch(
      kernels.optimizer_numbers,
      [1, 1, 1],
      [32, 1, 1],
      [...given, ...out, ...betas, ...factor, numbers],
    );
    for (let first = 0; first < weights.length; first += WEIGHTS) {
      const some = weights.slice(first, first + WEIGHTS);
      const { words, total } = described(call, some, outputs.slice(first, first + WEIGHTS));
      if (total === 0) continue;
      const values = [rule, some.length, words, numbers, ...parameters, Number(inPlace)];
      backend.runtime.launch(kernels.optimizer, [total, 1, 1], THREADS, values);
    }
  });
  return inPlace ? [] : [...outputs.flat(), ...next];
}

/** The words of `Weights` in kernels/optimizer.cu, and the number of blocks. */
function described(
  { backend }: KernelCall,
  weights: readonly WeightInputs[],
  outputs: readonly (readonly TensorInfo[])[],
): { words: Int32Array; total: number } {
  const words = new Int32Array(WORDS * WEIGHTS);
  let total = 0;
  for (const [index, { gradient, weight, memory }] of weights.entries()) {
    const to = outputs[index]!;
    const at = (x: TensorInfo | undefined): number => (x === undefined ? 0 : backend.address(x));
    const out = (x: TensorInfo | undefined): number => (x === undefined ? 0 : backend.writable(x));
    const addresses = [
      at(gradient),
      at(weight),
      at(memory[0]),
      at(memory[1]),
      at(memory[2]),
      out(to[0]),
      out(to[1]),
      out(to[2]),
      out(to[3]),
    ];
    for (const [place, address] of addresses.entries()) words.set(addressWords(address), WORDS * index + 2 * place);
    const size = sizeOf(gradient);
    words[WORDS * index + 18] = size;
    words[WORDS * index + 19] = total;
    if (size > 0) total += blocks(size, CHUNK);
  }
  return { words, total };
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
    const memory = states.map((state) => input(call, numbered(state, index)));
    if (!isFloat(gradient) || !memory.every((x) => isFloat(x, gradient.shape))) return undefined;
    const target = input(call, numbered('target', index));
    if ([weight, target].some((x) => x !== undefined && !isFloat(x, gradient.shape))) return undefined;
    weights.push({ gradient, weight, memory, target });
  }
}
