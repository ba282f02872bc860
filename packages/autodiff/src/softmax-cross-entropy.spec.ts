import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import { expectAllClose, gradientCheck, kernelCounts, withKernel } from '@gradstream/testing';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, describe, expect, it } from 'vitest';
import { registerGradients } from './register-gradients.js';
import { softmaxCrossEntropy } from './softmax-cross-entropy.js';

await tf.setBackend('cpu');
registerGradients();

const logits = tf.tensor2d([0.5, -1.2, 2, 0.1, 0.7, -0.4], [2, 3]);
const labels = tf.tensor2d([0.2, 0.5, 0.3, 0, 1, 0], [2, 3]);
/** Rows whose sums are not 1: 2, and nothing at all. */
const uneven = tf.tensor2d([1, 0.7, 0.3, 0, 0, 0], [2, 3]);

/** The kernel as its documentation says, for tests. */
const fused: tf.KernelConfig = {
  kernelName: 'GradstreamSoftmaxCrossEntropy',
  backendName: 'cpu',
  kernelFunc: ({ inputs }) => {
    const { labels, logits } = inputs as Record<string, tf.Tensor>;
    return tf.tidy(() => [
      tf.neg(tf.sum(tf.mul(labels!, tf.logSoftmax(logits!)), -1)),
      tf.sub(tf.mul(tf.softmax(logits!), tf.sum(labels!, -1, true)), labels!),
    ]) as tf.Tensor[];
  },
};

const secondOf = (labels: tf.Tensor, logits: tf.Tensor): tf.Tensor =>
  tf.concat(tf.grads((labels, logits) => tf.square(softmaxCrossEntropy(labels, logits)))([labels, logits]));

describe('softmaxCrossEntropy', () => {
  afterEach(() => tf.setBackend('cpu'));

  it.each(['cpu', 'wasm'])('is the negative logarithm of the probability on %s', async (backend) => {
    await tf.setBackend(backend);
    const before = tf.memory().numTensors;
    const loss = softmaxCrossEntropy(labels, logits);
    expect(tf.memory().numTensors).toBe(before + 1);
    const expected = [0, 1].map((row) => {
      const [x, y] = [logits, labels].map((tensor) => Array.from(tensor.dataSync()).slice(3 * row, 3 * row + 3)) as [
        number[],
        number[],
      ];
      const total = Math.log(x.reduce((sum, value) => sum + Math.exp(value), 0));
      return -x.reduce((sum, value, i) => sum + y[i]! * (value - total), 0);
    });
    expect(loss.shape).toEqual([2]);
    expectAllClose(loss, expected);
  });

  it('stays finite for logits of any size', () => {
    const extreme = tf.tensor2d([1e4, -1e4, 0], [1, 3]);
    expectAllClose(softmaxCrossEntropy(tf.tensor2d([0, 1, 0], [1, 3]), extreme), [2e4]);
    expectAllClose(tf.grad((x) => softmaxCrossEntropy(tf.tensor2d([0, 1, 0], [1, 3]), x))(extreme), [1, -1, 0]);
  });

  it.each([
    ['labels that sum to 1', labels, logits],
    ['other labels', uneven, logits],
    ['three dimensions', tf.reshape(uneven, [1, 2, 3]), tf.reshape(logits, [1, 2, 3])],
    ['one dimension', tf.tensor1d([0.3, 0.7]), tf.tensor1d([1, -1])],
  ])('has the right gradients by labels and logits for %s', async (_, labels, logits) => {
    gradientCheck(softmaxCrossEntropy, [labels, logits]);
    await withKernel(fused, () => gradientCheck(softmaxCrossEntropy, [labels, logits]));
  });

  it('has the right second derivatives', async () => {
    const tolerance = { absolute: 2e-3, relative: 2e-3 };
    gradientCheck(secondOf, [uneven, logits], { tolerance });
    await withKernel(fused, () => gradientCheck(secondOf, [uneven, logits], { tolerance }));
  });

  it('does not differentiate by labels that nobody wants', async () => {
    const count = await kernelCounts(() => tf.tidy(() => void tf.grad((x) => softmaxCrossEntropy(labels, x))(logits)));
    expect(count).toMatchObject({ Exp: 2, Log: 1, Neg: 1 });
  });

  it("runs the backend's own kernel where there is one, and nothing else forward", async () => {
    await withKernel(fused, async () => {
      const counts = await kernelCounts(() =>
        tf.tidy(() => void softmaxCrossEntropy(tf.reshape(labels, [2, 1, 3]), tf.reshape(logits, [2, 1, 3]))),
      );
      expect(counts['GradstreamSoftmaxCrossEntropy']).toBe(1);
    });
  });

  it('takes labels that are whole numbers', () => {
    expectAllClose(softmaxCrossEntropy(tf.tensor2d([[0, 1]], [1, 2], 'int32'), tf.zeros([1, 2])), [Math.LN2]);
  });

  it('leaves no tensors behind', () => {
    const before = tf.memory().numTensors;
    for (let step = 0; step < 3; step++) tf.dispose(tf.grads(softmaxCrossEntropy)([labels, logits]));
    expect(tf.memory().numTensors).toBe(before);
  });

  it.each([
    ['another number of classes', tf.ones([2, 4]), logits],
    ['class numbers', tf.ones([2]), logits],
    ['scalars', tf.scalar(1), tf.scalar(1)],
  ])('refuses %s', (_, labels, logits) => {
    expect(() => softmaxCrossEntropy(labels, logits)).toThrow(expect.objectContaining({ code: 'GS_AUTODIFF_SHAPE' }));
  });
});
