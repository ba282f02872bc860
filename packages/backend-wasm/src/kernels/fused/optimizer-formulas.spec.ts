import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { binaries, randomNumbers, runKernel, useBinary } from '../../../testing/binaries.js';

// Keras' formulas in float64, over ten steps.

type Memory = Record<string, number>;
type Step = (g: number, memory: Memory, t: number) => number;

const [b1, b2, epsilon] = [0.9, 0.999, 1e-7];

const keras: readonly {
  kernel: string;
  attrs: object;
  names: readonly string[];
  scalars?: readonly string[];
  step: Step;
}[] = [
  {
    kernel: 'GradstreamAdam',
    attrs: { beta1: b1, beta2: b2, epsilon },
    names: ['m', 'v'],
    scalars: ['mWeight', 'vWeight'],
    step: (g, memory, t) => {
      const m = (memory['m'] = (memory['m'] ?? 0) + (g - (memory['m'] ?? 0)) * (1 - b1));
      const v = (memory['v'] = (memory['v'] ?? 0) + (g * g - (memory['v'] ?? 0)) * (1 - b2));
      return ((Math.sqrt(1 - b2 ** t) / (1 - b1 ** t)) * m) / (Math.sqrt(v) + epsilon);
    },
  },
  {
    kernel: 'GradstreamAdam',
    attrs: { beta1: b1, beta2: b2, epsilon, amsgrad: true },
    names: ['m', 'v', 'vMax'],
    scalars: ['mWeight', 'vWeight'],
    step: (g, memory, t) => {
      const m = (memory['m'] = (memory['m'] ?? 0) + (g - (memory['m'] ?? 0)) * (1 - b1));
      const v = (memory['v'] = (memory['v'] ?? 0) + (g * g - (memory['v'] ?? 0)) * (1 - b2));
      const top = (memory['top'] = Math.max(memory['top'] ?? 0, v));
      return ((Math.sqrt(1 - b2 ** t) / (1 - b1 ** t)) * m) / (Math.sqrt(top) + epsilon);
    },
  },
  {
    kernel: 'GradstreamRmsprop',
    attrs: { rho: 0.9, epsilon },
    names: ['v'],
    step: (g, memory) => {
      const v = (memory['v'] = 0.9 * (memory['v'] ?? 0) + 0.1 * g * g);
      return g / Math.sqrt(v + epsilon);
    },
  },
  {
    kernel: 'GradstreamRmsprop',
    attrs: { rho: 0.9, epsilon, centered: true },
    names: ['v', 'a'],
    step: (g, memory) => {
      const v = (memory['v'] = 0.9 * (memory['v'] ?? 0) + 0.1 * g * g);
      const a = (memory['a'] = 0.9 * (memory['a'] ?? 0) + 0.1 * g);
      return g / Math.sqrt(v - a * a + epsilon);
    },
  },
  {
    kernel: 'GradstreamSgd',
    attrs: { momentum: 0.8 },
    names: ['v'],
    step: (g, memory) => (memory['v'] = 0.8 * (memory['v'] ?? 0) + g),
  },
  {
    kernel: 'GradstreamSgd',
    attrs: { momentum: 0.8, nesterov: true },
    names: ['v'],
    step: (g, memory) => 0.8 * (memory['v'] = 0.8 * (memory['v'] ?? 0) + g) + g,
  },
  {
    kernel: 'GradstreamAdagrad',
    attrs: { epsilon },
    names: ['v'],
    step: (g, memory) => g / Math.sqrt((memory['v'] = (memory['v'] ?? 0) + g * g) + epsilon),
  },
  {
    kernel: 'GradstreamAdamax',
    attrs: { beta1: b1, beta2: b2, epsilon },
    names: ['m', 'u'],
    scalars: ['mWeight'],
    step: (g, memory, t) => {
      const m = (memory['m'] = (memory['m'] ?? 0) + (g - (memory['m'] ?? 0)) * (1 - b1));
      const u = (memory['u'] = Math.max(b2 * (memory['u'] ?? 0), Math.abs(g)));
      return m / (1 - b1 ** t) / (u + epsilon);
    },
  },
  {
    kernel: 'GradstreamLion',
    attrs: { beta1: 0.9, beta2: 0.99 },
    names: ['m'],
    step: (g, memory) => {
      const m = memory['m'] ?? 0;
      memory['m'] = 0.99 * m + 0.01 * g;
      return Math.sign(0.9 * m + 0.1 * g);
    },
  },
];

describe.each(binaries)('$variant', (binary) => {
  beforeAll(() => useBinary(binary));

  it.each(keras.map((one) => [`${one.kernel} ${JSON.stringify(one.attrs)}`, one] as const))(
    '%s follows its formula',
    (_, { kernel, attrs, names, scalars = [], step }) => {
      const size = 37;
      const memories: Memory[] = Array.from({ length: size }, () => ({}));
      let state = [...names.map(() => new Float32Array(size)), ...scalars.map(() => new Float32Array(1))];
      for (let t = 1; t <= 10; t++) {
        const g = randomNumbers(size, t);
        const [update, ...next] = tf.tidy(() => {
          const remembered = names.map((name, index) => [`${name}0`, tf.tensor1d(state[index]!)] as const);
          const counted = scalars.map((name, index) => [name, tf.scalar(state[names.length + index]![0]!)] as const);
          return runKernel(
            kernel,
            { ...Object.fromEntries([...remembered, ...counted]), gradient0: tf.tensor1d(g), after: tf.scalar(-0.01) },
            attrs,
          );
        });
        state = next as Float32Array<ArrayBuffer>[];
        for (const [index, memory] of memories.entries()) {
          const expected = -0.01 * step(g[index]!, memory, t);
          if (!(Math.abs(update![index]! - expected) <= 3e-5 * Math.abs(expected) + 1e-9))
            expect([t, index, update![index]]).toEqual([t, index, expected]);
        }
      }
    },
  );
});
