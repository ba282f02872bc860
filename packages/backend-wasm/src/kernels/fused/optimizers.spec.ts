import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { binaries, firstDifference, randomNumbers, runKernel, SIZES, useBinary } from '../../../testing/binaries.js';
import { optimizerKernels } from './optimizers.js';

type Tensors = Record<string, tf.Tensor>;

interface Rule {
  readonly kernel: string;
  readonly attrs: Record<string, number | boolean>;
  /** What it remembers of a weight, and of the steps. */
  readonly states: readonly string[];
  readonly scalars?: readonly string[];
  /** The next scalars, with kernels of tfjs. */
  readonly count?: (scalars: Tensors) => Tensors;
  /** Direction and next memory, with kernels of tfjs: the formula, operation by operation. */
  readonly plain: (g: tf.Tensor, memory: Tensors) => Tensors & { direction: tf.Tensor };
  /** What the direction is multiplied with. */
  readonly factor?: (scalars: Tensors) => tf.Tensor;
}

const { add, sub, mul, div, sqrt, square, maximum, abs, sign, fill } = tf;
const constant = (value: number): tf.Tensor => fill([], value);
const epsilon = 1e-7;
const weigh =
  (beta: number) =>
  (weight: tf.Tensor): tf.Tensor =>
    add(mul(weight, constant(beta)), constant(1));

const adamRule = (amsgrad: boolean): Rule => ({
  kernel: 'GradstreamAdam',
  attrs: { beta1: 0.9, beta2: 0.999, epsilon, amsgrad },
  states: amsgrad ? ['m', 'v', 'vMax'] : ['m', 'v'],
  scalars: ['mWeight', 'vWeight'],
  count: ({ mWeight, vWeight }) => ({ mWeight: weigh(0.9)(mWeight!), vWeight: weigh(0.999)(vWeight!) }),
  plain: (g, memory) => {
    const m = add(mul(memory['m']!, constant(0.9)), g);
    const v = add(mul(memory['v']!, constant(0.999)), square(g));
    const vMax = amsgrad ? maximum(memory['vMax']!, v) : v;
    return { m, v, vMax, direction: div(m, add(sqrt(vMax), constant(epsilon / Math.sqrt(1 - 0.999)))) };
  },
  factor: ({ mWeight, vWeight }) => div(sqrt(vWeight!), mWeight!),
});

const momentumRule = (nesterov: boolean): Rule => ({
  kernel: 'GradstreamSgd',
  attrs: { momentum: 0.9, nesterov },
  states: ['v'],
  plain: (g, memory) => {
    const v = add(mul(memory['v']!, constant(0.9)), g);
    return { v, direction: nesterov ? add(mul(v, constant(0.9)), g) : v };
  },
});

const rmsRule = (centered: boolean): Rule => ({
  kernel: 'GradstreamRmsprop',
  attrs: { rho: 0.9, epsilon, centered },
  states: centered ? ['v', 'a'] : ['v'],
  plain: (g, memory) => {
    const v = add(mul(memory['v']!, constant(0.9)), square(g));
    const offset = constant(epsilon / (1 - 0.9));
    if (!centered) return { v, direction: div(g, sqrt(add(v, offset))) };
    const a = add(mul(memory['a']!, constant(0.9)), g);
    return { v, a, direction: div(g, sqrt(add(sub(v, mul(square(a), constant(1 - 0.9))), offset))) };
  },
  factor: () => constant(1 / Math.sqrt(1 - 0.9)),
});

const rules: readonly Rule[] = [
  { kernel: 'GradstreamSgd', attrs: {}, states: [], plain: (g) => ({ direction: g }) },
  momentumRule(false),
  momentumRule(true),
  rmsRule(false),
  rmsRule(true),
  adamRule(false),
  adamRule(true),
  {
    kernel: 'GradstreamAdagrad',
    attrs: { epsilon },
    states: ['v'],
    plain: (g, memory) => {
      const v = add(memory['v']!, square(g));
      return { v, direction: div(g, sqrt(add(v, constant(epsilon)))) };
    },
  },
  {
    kernel: 'GradstreamAdamax',
    attrs: { beta1: 0.9, beta2: 0.999, epsilon },
    states: ['m', 'u'],
    scalars: ['mWeight'],
    count: ({ mWeight }) => ({ mWeight: weigh(0.9)(mWeight!) }),
    plain: (g, memory) => {
      const m = add(mul(memory['m']!, constant(0.9)), g);
      const u = maximum(mul(memory['u']!, constant(0.999)), abs(g));
      return { m, u, direction: div(m, add(u, constant(epsilon))) };
    },
    factor: ({ mWeight }) => div(constant(1), mWeight!),
  },
  {
    kernel: 'GradstreamLion',
    attrs: { beta1: 0.9, beta2: 0.99 },
    states: ['m'],
    plain: (g, memory) => {
      const blend = (beta: number): tf.Tensor =>
        add(mul(memory['m']!, constant(beta)), mul(g, sub(constant(1), constant(beta))));
      const direction = blend(0.9);
      // tf.sign gives 0 for NaN; this rule keeps it.
      return { m: blend(0.99), direction: tf.where(tf.isNaN(direction), direction, sign(direction)) };
    },
  },
];

const sizes = [...SIZES, 20_000];

/** Three steps of all sizes at once, by the kernel and by single kernels; whether each output has the same bits. */
function compare(
  rule: Rule,
  options: { readonly clipped: boolean; readonly rate: boolean; readonly decays: boolean },
): void {
  tf.tidy(() => {
    const { states, scalars = [] } = rule;
    const weights = sizes.map((size, index) => tf.tensor1d(randomNumbers(size, index + 90)));
    let memory: Tensors[] = sizes.map((size) => Object.fromEntries(states.map((state) => [state, tf.zeros([size])])));
    let counts: Tensors = Object.fromEntries(scalars.map((name) => [name, tf.zeros([])]));
    const before = options.clipped ? constant(0.37) : undefined;
    const after = options.rate ? tf.neg(constant(0.003)) : undefined;
    const decay = mul(constant(0.003), constant(-0.004));
    for (let step = 0; step < 3; step++) {
      const gradients = sizes.map((size, index) => tf.tensor1d(gradientOf(size, step * 20 + index)));
      const inputs: Record<string, tf.Tensor | undefined> = { ...counts, before, after };
      if (options.decays) inputs['decay'] = decay;
      for (const [index, gradient] of gradients.entries()) {
        inputs[`gradient${index}`] = gradient;
        for (const state of states) inputs[`${state}${index}`] = memory[index]![state]!;
        // Every other weight decays.
        if (options.decays && index % 2 === 0) inputs[`weight${index}`] = weights[index]!;
      }
      const got = runKernel(rule.kernel, inputs, rule.attrs);

      const expected: tf.Tensor[] = [];
      counts = rule.count?.(counts) ?? counts;
      const factor = rule.factor?.(counts);
      const scale = after === undefined ? factor : factor === undefined ? after : mul(after, factor);
      memory = gradients.map((gradient, index) => {
        const next = rule.plain(before === undefined ? gradient : mul(gradient, before), memory[index]!);
        let update = scale === undefined ? next.direction : mul(next.direction, scale);
        if (options.decays && index % 2 === 0) update = add(update, mul(weights[index]!, decay));
        expected.push(update, ...states.map((state) => next[state]!));
        return Object.fromEntries(states.map((state) => [state, next[state]!]));
      });
      expected.push(...scalars.map((name) => counts[name]!));
      expect(got.length).toBe(expected.length);
      for (const [index, x] of expected.entries()) expect(firstDifference(got[index]!, x.dataSync())).toBeUndefined();
    }
  });
}

/** The same step of all sizes in place, and what the pure one gives: whether weights and memory have the same bits. */
function compareInPlace({ kernel, attrs, states, scalars = [] }: Rule, decays: boolean): void {
  tf.tidy(() => {
    const inputs: Record<string, tf.Tensor> = { after: constant(-0.01), decay: constant(-0.002) };
    for (const name of scalars) inputs[name] = constant(0.5);
    for (const [index, size] of sizes.entries()) {
      inputs[`gradient${index}`] = tf.tensor1d(gradientOf(size, index));
      for (const [place, state] of states.entries())
        inputs[`${state}${index}`] = tf.abs(tf.tensor1d(randomNumbers(size, index + place + 5)));
    }
    const targets = sizes.map((size, index) => tf.tensor1d(randomNumbers(size, index + 40)));
    const weights = Object.fromEntries(targets.flatMap((x, index) => (decays ? [[`weight${index}`, x]] : [])));
    const pure = runKernel(kernel, { ...inputs, ...weights }, attrs);
    const expected = targets.map((x, index) => {
      const update = pure[index * (states.length + 1)]!;
      return x.dataSync().map((value, place) => value + update[place]!);
    });
    const given = Object.fromEntries(targets.map((x, index) => [`target${index}`, x]));
    expect(runKernel(kernel, { ...inputs, ...weights, ...given }, attrs)).toEqual([]);
    for (const [index, x] of targets.entries()) {
      expect(firstDifference(x.dataSync(), expected[index]!)).toBeUndefined();
      for (const [place, state] of states.entries())
        expect(
          firstDifference(inputs[`${state}${index}`]!.dataSync(), pure[index * (states.length + 1) + place + 1]!),
        ).toBeUndefined();
    }
    for (const [place, name] of scalars.entries())
      expect(inputs[name]!.dataSync()[0]).toBe(pure[sizes.length * (states.length + 1) + place]![0]);
  });
}

function gradientOf(size: number, seed: number): Float32Array {
  const g = randomNumbers(size, seed + 1);
  if (size > 7) g.set([NaN, Infinity, 0, -0, 1e-30, 1e30], 1);
  return g;
}

describe.each(binaries)('$variant', (binary) => {
  beforeAll(() => useBinary(binary));

  describe.each(rules.map((rule) => [`${rule.kernel} ${JSON.stringify(rule.attrs)}`, rule] as const))(
    '%s',
    (_, rule) => {
      it.each([
        { clipped: false, rate: false, decays: false },
        { clipped: false, rate: true, decays: false },
        { clipped: true, rate: true, decays: true },
      ])('has the bits of single kernels, with %o', (options) => compare(rule, options));

      it.each([false, true])('changes weights and memory in place by the same numbers, decay %s', (decays) =>
        compareInPlace(rule, decays),
      );

      it('remembers no subnormal number', () => {
        tf.tidy(() => {
          const inputs: Record<string, tf.Tensor> = { gradient0: tf.fill([9], 1e-25) };
          for (const state of rule.states) inputs[`${state}0`] = tf.fill([9], 1.2e-38);
          for (const name of rule.scalars ?? []) inputs[name] = tf.fill([], 1);
          for (let step = 0; step < 30; step++) {
            const outputs = runKernel(rule.kernel, inputs, rule.attrs);
            for (const [place, state] of rule.states.entries()) {
              const values = outputs[place + 1]!;
              expect(values.some((value) => value !== 0 && Math.abs(value) < 2 ** -126)).toBe(false);
              inputs[`${state}0`] = tf.tensor1d(values);
            }
            inputs['gradient0'] = tf.zeros([9]);
          }
        });
      });
    },
  );

  it('refuses a weight whose memory is missing or has another shape', () => {
    tf.tidy(() => {
      const gradient0 = tf.ones([3]);
      const scalars = { mWeight: tf.zeros([]), vWeight: tf.zeros([]) };
      const attrs = { beta1: 0.9, beta2: 0.999, epsilon };
      const adam = (inputs: Record<string, tf.Tensor>): Float32Array[] => runKernel('GradstreamAdam', inputs, attrs);
      expect(() => adam({ gradient0, m0: gradient0, ...scalars })).toThrow('GradstreamAdam');
      expect(() => adam({ gradient0, m0: gradient0, v0: tf.ones([4]), ...scalars })).toThrow('GradstreamAdam');
      expect(() => adam({ gradient0, m0: gradient0, v0: gradient0 })).toThrow('GradstreamAdam');
      expect(() =>
        adam({ gradient0, m0: gradient0, v0: gradient0, mWeight: tf.zeros([2]), vWeight: tf.zeros([]) }),
      ).toThrow('Adam');
      expect(() => adam({ gradient0, m0: gradient0, v0: gradient0, weight0: tf.ones([2]), ...scalars })).toThrow(
        'Adam',
      );
    });
  });
});

it('tests every rule', () => {
  expect(new Set(rules.map(({ kernel }) => kernel))).toEqual(new Set(optimizerKernels.map(({ name }) => name)));
});
