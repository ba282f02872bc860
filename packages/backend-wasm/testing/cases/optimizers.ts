import { floats, sizeOf } from './kernel-case.js';
import type { CasesByKernel, Expected, KernelCase, Values } from './kernel-case.js';

/** What an optimizer remembers of one element, by name. */
type Memory = Readonly<Record<string, number>>;

/** An optimizer's rule for one element, in float64. */
interface Rule {
  readonly kernel: string;
  readonly attrs: Readonly<Record<string, number | boolean>>;
  readonly states: readonly string[];
  /** The decay by which each scalar grows: `next = now * decay + 1`. */
  readonly scalars?: Readonly<Record<string, number>>;
  readonly step: (g: number, memory: Memory) => { readonly direction: number; readonly next: Memory };
  readonly factor?: (scalars: Memory) => number;
}

const epsilon = 1e-7;

const rules: readonly Rule[] = [
  { kernel: 'GradstreamSgd', attrs: {}, states: [], step: (g) => ({ direction: g, next: {} }) },
  ...[false, true].map((nesterov): Rule => ({
    kernel: 'GradstreamSgd',
    attrs: { momentum: 0.9, nesterov },
    states: ['v'],
    step: (g, { v }) => {
      const next = v! * 0.9 + g;
      return { direction: nesterov ? next * 0.9 + g : next, next: { v: next } };
    },
  })),
  ...[false, true].map((centered): Rule => ({
    kernel: 'GradstreamRmsprop',
    attrs: { rho: 0.9, epsilon, centered },
    states: centered ? ['v', 'a'] : ['v'],
    step: (g, memory) => {
      const v = memory['v']! * 0.9 + g * g;
      const a = centered ? memory['a']! * 0.9 + g : 0;
      return { direction: g / Math.sqrt(v - a * a * 0.1 + epsilon / 0.1), next: { v, a } };
    },
    factor: () => 1 / Math.sqrt(0.1),
  })),
  ...[false, true].map((amsgrad): Rule => ({
    kernel: 'GradstreamAdam',
    attrs: { beta1: 0.9, beta2: 0.999, epsilon, amsgrad },
    states: amsgrad ? ['m', 'v', 'vMax'] : ['m', 'v'],
    scalars: { mWeight: 0.9, vWeight: 0.999 },
    step: (g, memory) => {
      const m = memory['m']! * 0.9 + g;
      const v = memory['v']! * 0.999 + g * g;
      const vMax = amsgrad ? Math.max(memory['vMax']!, v) : v;
      return { direction: m / (Math.sqrt(vMax) + epsilon / Math.sqrt(0.001)), next: { m, v, vMax } };
    },
    factor: ({ mWeight, vWeight }) => Math.sqrt(vWeight!) / mWeight!,
  })),
  {
    kernel: 'GradstreamAdagrad',
    attrs: { epsilon },
    states: ['v'],
    step: (g, memory) => {
      const v = memory['v']! + g * g;
      return { direction: g / Math.sqrt(v + epsilon), next: { v } };
    },
  },
  {
    kernel: 'GradstreamAdamax',
    attrs: { beta1: 0.9, beta2: 0.999, epsilon },
    states: ['m', 'u'],
    scalars: { mWeight: 0.9 },
    step: (g, memory) => {
      const m = memory['m']! * 0.9 + g;
      const u = Math.max(memory['u']! * 0.999, Math.abs(g));
      return { direction: m / (u + epsilon), next: { m, u } };
    },
    factor: ({ mWeight }) => 1 / mWeight!,
  },
  {
    kernel: 'GradstreamLion',
    attrs: { beta1: 0.9, beta2: 0.99 },
    states: ['m'],
    step: (g, { m }) => ({ direction: Math.sign(m! * 0.9 + g * 0.1), next: { m: m! * 0.99 + g * 0.01 } }),
  },
];

const shapes: readonly (readonly number[])[] = [[0], [], [1], [3], [4], [5], [8], [3, 11], [17]];
/** Several units of work. */
const LONG = [17_001];
const scalar = (value: number): Values => ({ shape: [], dtype: 'float32', values: Float32Array.of(value) });

/** One step of weights of all shapes, as new tensors or in place, with and without decay. */
function stepOf(rule: Rule, decays: boolean, inPlace: boolean): KernelCase {
  const { attrs, states, scalars = {}, step, factor } = rule;
  const [before, after, decay] = [0.37, -0.003, -0.0002];
  const inputs: Record<string, Values> = { before: scalar(before), after: scalar(after), decay: scalar(decay) };
  const next: Record<string, number> = {};
  for (const [name, share] of Object.entries(scalars)) {
    inputs[name] = scalar(0.5);
    next[name] = 0.5 * share + 1;
  }
  const scale = Math.fround(after) * (factor?.(next) ?? 1);
  const outputs: Expected[] = [];
  const changes: Record<string, Expected> = {};
  for (const [index, shape] of (decays === inPlace ? [...shapes, LONG] : shapes).entries()) {
    const [gradient, weight] = [floats(shape, index + 2), floats(shape, index + 20)];
    inputs[`gradient${index}`] = gradient;
    if (decays) inputs[`weight${index}`] = weight;
    if (inPlace) inputs[`target${index}`] = weight;
    // A second moment is never negative; below g squared, and above the square of the first.
    const memory = states.map((state, place): Values => {
      const values = Float32Array.from(floats(shape, index + place + 40).values, (x) =>
        state === 'm' ? x : x * x + 0.5,
      );
      return { shape, dtype: 'float32', values: state === 'a' ? values.map((x) => x / 10) : values };
    });
    for (const [place, state] of states.entries()) inputs[`${state}${index}`] = memory[place]!;
    const update = new Float64Array(sizeOf(shape));
    const after64 = states.map(() => new Float64Array(sizeOf(shape)));
    for (let at = 0; at < update.length; at++) {
      const now = Object.fromEntries(states.map((state, place) => [state, memory[place]!.values[at]!]));
      const { direction, next: then } = step(gradient.values[at]! * Math.fround(before), now);
      update[at] = direction * scale + (decays ? weight.values[at]! * Math.fround(decay) : 0);
      for (const [place, state] of states.entries()) after64[place]![at] = then[state]!;
    }
    outputs.push({ shape, values: update }, ...after64.map((values) => ({ shape, values })));
    if (!inPlace) continue;
    const moved = { shape, values: update.map((x, at) => x + weight.values[at]!) };
    changes[`target${index}`] = moved;
    for (const [place, state] of states.entries()) changes[`${state}${index}`] = { shape, values: after64[place]! };
  }
  for (const [name, value] of Object.entries(next)) {
    outputs.push({ shape: [], values: [value] });
    if (inPlace) changes[name] = { shape: [], values: [value] };
  }
  const tolerance = { relative: 3e-6, absolute: 1e-7 };
  return { inputs, attrs, outputs: inPlace ? [] : outputs, changes, tolerance };
}

/** A step of each optimizer, as new tensors and in place. */
export const optimizerCases: CasesByKernel = Object.fromEntries(
  [...new Set(rules.map(({ kernel }) => kernel))].map((kernel) => [
    kernel,
    () =>
      rules
        .filter((rule) => rule.kernel === kernel)
        .flatMap((rule) => [
          stepOf(rule, false, false),
          stepOf(rule, true, false),
          stepOf(rule, false, true),
          stepOf(rule, true, true),
        ]),
  ]),
);
