import '@tensorflow/tfjs-backend-cpu';
import { randomKey } from '@gradstream/core';
import { expectAllClose, gradientCheck, kernelCounts } from '@gradstream/testing';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { attentionWeights, fusedAttention, type AttentionOperands } from './fused-attention.js';
import { registerGradients } from './register-gradients.js';
import { StepCounter } from './step-counter.js';

await tf.setBackend('cpu');
registerGradients();

const numbers = (shape: number[], phase = 0): tf.Tensor =>
  tf.tensor(
    Float32Array.from({ length: tf.util.sizeFromShape(shape) }, (_, i) => Math.sin(i * 1.7 + phase)),
    shape,
  );
const [query, key, value] = [numbers([2, 3, 4, 5]), numbers([2, 3, 6, 5], 1), numbers([2, 3, 6, 2], 2)];
const scores = tf.matMul(query, key, false, true);
/** The second query of the first example sees nothing. */
const mask = tf.tensor(
  Array.from({ length: 48 }, (_, i) => Number(i >= 6 && i < 12 ? 0 : i % 5 !== 0)),
  [2, 1, 4, 6],
  'bool',
);
const dropout = { rate: 0.4, key: randomKey(3), counter: new StepCounter(2) };
const variants: [string, Omit<AttentionOperands, 'query' | 'key' | 'value'>][] = [
  ['no mask', {}],
  ['a mask', { mask }],
  ['a mask and zeros for what sees nothing', { mask, unseeing: 'zero' }],
  ['a mask of all examples', { mask: tf.cast(tf.slice(mask, [1, 0, 0, 0], [1, 1, 4, 6]), 'float32') }],
  ['dropout', { dropout }],
  ['a mask and dropout', { mask, dropout, unseeing: 'zero' }],
];

describe('fusedAttention', () => {
  it('is the mean of values, weighted by the softmax of products', () => {
    const [y, weights] = [fusedAttention({ query, key, value }), attentionWeights(scores)];
    expectAllClose(tf.sum(weights, -1), tf.ones([2, 3, 4]));
    expectAllClose(weights, tf.softmax(scores));
    expectAllClose(y, tf.matMul(weights, value));
  });

  it('gives a query that sees nothing the mean of all values, or zeros, and others what they see', () => {
    const y = fusedAttention({ query, key, value, mask });
    const blind = (x: tf.Tensor): tf.Tensor => tf.slice(x, [0, 0, 1, 0], [1, 3, 1, 2]);
    expectAllClose(blind(y), tf.mean(tf.slice(value, [0, 0, 0, 0], [1, 3, 6, 2]), 2, true));
    expectAllClose(blind(fusedAttention({ query, key, value, mask, unseeing: 'zero' })), tf.zeros([1, 3, 1, 2]));
    expect(attentionWeights(tf.mul(scores, 1e4), mask).dataSync().some(Number.isNaN)).toBe(false);
    expectAllClose(
      tf.mul(attentionWeights(scores, mask, 'zero'), tf.cast(tf.logicalNot(mask), 'float32')),
      tf.zeros([2, 3, 4, 6]),
    );
  });

  it.each(variants)('has the right gradient: %s', (_, options) => {
    gradientCheck((q, k, v) => fusedAttention({ query: q!, key: k!, value: v!, ...options }), [query, key, value]);
  });

  it.each(variants)('has the right second derivative: %s', (_, options) => {
    const small = [numbers([1, 2, 2]), numbers([1, 3, 2], 1), numbers([1, 3, 2], 2)];
    const { mask: given, ...others } = options;
    const own = given === undefined ? {} : { mask: tf.tensor([1, 0, 1, 0, 0, 0], [1, 2, 3]) };
    const f = (...inputs: tf.Tensor[]): tf.Tensor => {
      const gradients = tf.grads((q, k, v) =>
        tf.square(fusedAttention({ query: q, key: k, value: v, ...others, ...own })),
      )(inputs);
      return tf.concat(gradients.map((gradient) => tf.reshape(gradient, [-1])));
    };
    gradientCheck(f, small, { tolerance: { absolute: 2e-3, relative: 2e-3 } });
  });

  it('takes few kernels: two products and a softmax forward, four products and a pass over the weights backward', async () => {
    const forward = await kernelCounts(() => tf.tidy(() => void fusedAttention({ query, key, value })));
    expect(forward).toEqual({ BatchMatMul: 2, Softmax: 1, 'unnamed scope': 1 });
    const both = await kernelCounts(() =>
      tf.tidy(
        () =>
          void tf.grads((q, k, v) => fusedAttention({ query: q, key: k, value: v }))(
            [query, key, value],
            tf.ones([2, 3, 4, 2]),
          ),
      ),
    );
    expect(both).toMatchObject({ BatchMatMul: 6, Softmax: 1, Multiply: 2, Sub: 1, Sum: 1 });
  });

  it('leaves no tensors behind', () => {
    const before = tf.memory().numTensors;
    fusedAttention({ query, key, value, mask }).dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it.each<[string, Partial<AttentionOperands>, string]>([
    ['a key of another width', { key: numbers([2, 3, 6, 4]) }, 'GS_AUTODIFF_SHAPE'],
    ['fewer values than keys', { value: numbers([2, 3, 5, 2]) }, 'GS_AUTODIFF_SHAPE'],
    ['other heads', { key: numbers([2, 1, 6, 5]) }, 'GS_AUTODIFF_SHAPE'],
    ['a mask that does not fit', { mask: tf.ones([4, 5]) }, 'GS_AUTODIFF_SHAPE'],
    ['a misspelt option', { masks: mask } as never, 'GS_OPTION_UNKNOWN'],
    ['a rate above 1', { dropout: { ...dropout, rate: 2 } }, 'GS_OPTION_VALUE'],
  ])('refuses %s', (_, change, code) => {
    expect(() => fusedAttention({ query, key, value, ...change })).toThrow(expect.objectContaining({ code }));
  });
});
