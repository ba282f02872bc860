import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import { expectAllClose, gradientCheck, withKernel } from '@gradstream/testing';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, describe, expect, it } from 'vitest';
import { registerGradients } from './register-gradients.js';
import { softmaxCrossEntropy } from './softmax-cross-entropy.js';
import { sparseSoftmaxCrossEntropy } from './sparse-softmax-cross-entropy.js';

await tf.setBackend('cpu');
registerGradients();

const logits = tf.tensor2d([0.5, -1.2, 2, 0.1, 0.7, -0.4], [2, 3]);
const labels = tf.tensor1d([2, 0], 'int32');
const oneHot = tf.tensor2d([0, 0, 1, 1, 0, 0], [2, 3]);

/** The kernel as its documentation says, for tests. */
const fused: tf.KernelConfig = {
  kernelName: 'GradstreamSparseSoftmaxCrossEntropy',
  backendName: 'cpu',
  kernelFunc: ({ inputs }) => {
    const { labels, logits } = inputs as Record<string, tf.Tensor>;
    return tf.tidy(() => {
      const encoded = tf.oneHot(labels!, logits!.shape[1]!, 1, 0, 'float32');
      return [tf.neg(tf.sum(tf.mul(encoded, tf.logSoftmax(logits!)), -1)), tf.sub(tf.softmax(logits!), encoded)];
    }) as tf.Tensor[];
  },
};

const secondOf = (x: tf.Tensor): tf.Tensor => tf.grad((x) => tf.square(sparseSoftmaxCrossEntropy(labels, x)))(x);

describe('sparseSoftmaxCrossEntropy', () => {
  afterEach(() => tf.setBackend('cpu'));

  it.each(['cpu', 'wasm'])('equals the cross-entropy of one-hot labels on %s', async (backend) => {
    await tf.setBackend(backend);
    const before = tf.memory().numTensors;
    const loss = sparseSoftmaxCrossEntropy(labels, logits);
    expect(tf.memory().numTensors).toBe(before + 1);
    expectAllClose(loss, softmaxCrossEntropy(oneHot, logits));
    const slope = tf.grad((x) => sparseSoftmaxCrossEntropy(labels, x))(logits);
    expectAllClose(slope, tf.grad((x) => softmaxCrossEntropy(oneHot, x))(logits));
  });

  it.each([
    ['two dimensions', labels, logits],
    ['three dimensions', tf.reshape(labels, [2, 1]), tf.reshape(logits, [2, 1, 3])],
    ['one row', tf.scalar(1, 'int32'), tf.tensor1d([1, -1])],
  ])('has the right gradient for %s', async (_, labels, logits) => {
    const f = (x: tf.Tensor): tf.Tensor => sparseSoftmaxCrossEntropy(labels, x);
    gradientCheck(f, [logits]);
    await withKernel(fused, () => gradientCheck(f, [logits]));
  });

  it('has the right second derivative', async () => {
    const tolerance = { absolute: 2e-3, relative: 2e-3 };
    gradientCheck(secondOf, [logits], { tolerance });
    await withKernel(fused, () => gradientCheck(secondOf, [logits], { tolerance }));
  });

  it('takes class numbers of type float32, and a single class', () => {
    expectAllClose(sparseSoftmaxCrossEntropy(tf.tensor1d([2, 0]), logits), softmaxCrossEntropy(oneHot, logits));
    expectAllClose(sparseSoftmaxCrossEntropy(tf.tensor1d([0], 'int32'), tf.ones([1, 1])), [0]);
  });

  it('leaves no tensors behind', () => {
    const floats = tf.tensor1d([2, 0]);
    const before = tf.memory().numTensors;
    for (let step = 0; step < 3; step++) tf.dispose(tf.grad((x) => sparseSoftmaxCrossEntropy(floats, x))(logits));
    tf.dispose(sparseSoftmaxCrossEntropy(floats, logits));
    expect(tf.memory().numTensors).toBe(before);
  });

  it.each([
    ['one-hot labels', oneHot, logits],
    ['labels with an axis too many', tf.zeros([2, 1], 'int32'), logits],
    ['scalar logits', tf.scalar(1, 'int32'), tf.scalar(1)],
  ])('refuses %s', (_, labels, logits) => {
    expect(() => sparseSoftmaxCrossEntropy(labels, logits)).toThrow(
      expect.objectContaining({ code: 'GS_AUTODIFF_SHAPE' }),
    );
  });
});
