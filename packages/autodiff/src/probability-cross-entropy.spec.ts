import '@tensorflow/tfjs-backend-cpu';
import { expectAllClose, gradientCheck, withKernel } from '@gradstream/testing';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { probabilityCrossEntropy } from './probability-cross-entropy.js';
import { registerGradients } from './register-gradients.js';

await tf.setBackend('cpu');
registerGradients();

const probabilities = tf.tensor2d([0.5, 0.2, 0.3, 0.6, 0.5, 0.9], [2, 3]);
const labels = tf.tensor1d([2, 0], 'int32');
const oneHot = tf.tensor2d([0, 0, 1, 1, 0, 0], [2, 3]);

/** The kernel as its documentation says, for tests. */
const fused: tf.KernelConfig = {
  kernelName: 'GradstreamSparseProbabilityCrossEntropy',
  backendName: 'cpu',
  kernelFunc: ({ inputs }) => {
    const { labels, probabilities } = inputs as Record<string, tf.Tensor>;
    return tf.tidy(() => {
      const t = tf.oneHot(labels!, probabilities!.shape[1]!, 1, 0, 'float32');
      const total = tf.sum(probabilities!, -1, true);
      const q = tf.div(probabilities!, total);
      const r = tf.div(t, q);
      return [tf.neg(tf.sum(tf.mul(t, tf.log(q)), -1)), tf.div(tf.sub(tf.sum(tf.mul(r, q), -1, true), r), total)];
    }) as tf.Tensor[];
  },
};

const lossOf = (p: tf.Tensor): tf.Tensor => probabilityCrossEntropy(labels, p);
const secondOf = (p: tf.Tensor): tf.Tensor => tf.grad((x) => tf.square(lossOf(x)))(p);

describe('probabilityCrossEntropy', () => {
  it('divides by the sum, and is the same for class numbers and one-hot rows', () => {
    expectAllClose(lossOf(probabilities), [-Math.log(0.3), -Math.log(0.3)]);
    expectAllClose(probabilityCrossEntropy(oneHot, probabilities), [-Math.log(0.3), -Math.log(0.3)]);
    expectAllClose(probabilityCrossEntropy(tf.scalar(1, 'int32'), tf.tensor1d([1, 3])), [-Math.log(0.75)]);
  });

  it('clips, and has no slope there', () => {
    const certain = tf.tensor2d([1, 0, 0, 1], [2, 2]);
    const classes = tf.tensor1d([0, 0], 'int32');
    expectAllClose(probabilityCrossEntropy(classes, certain, 0.25), [-Math.log(0.75), -Math.log(0.25)]);
    expectAllClose(tf.grad((p) => probabilityCrossEntropy(classes, p, 0.25))(certain), [0, 0, 0, 0]);
  });

  it('has the right gradients', async () => {
    gradientCheck(lossOf, [probabilities], { step: 1 / 128 });
    gradientCheck((p) => probabilityCrossEntropy(oneHot, p), [probabilities], { step: 1 / 128 });
    await withKernel(fused, () => gradientCheck(lossOf, [probabilities], { step: 1 / 128 }));
  });

  it('has the right second derivative with a kernel of the backend', async () => {
    const tolerance = { absolute: 2e-2, relative: 2e-3 };
    await withKernel(fused, () => gradientCheck(secondOf, [probabilities], { step: 1 / 128, tolerance }));
  });

  it('leaves no tensors behind', () => {
    const before = tf.memory().numTensors;
    tf.dispose(tf.grad(lossOf)(probabilities));
    expect(tf.memory().numTensors).toBe(before);
  });

  it.each([
    ['one-hot rows of whole numbers', () => probabilityCrossEntropy(tf.cast(oneHot, 'int32'), probabilities)],
    ['class numbers of type float32', () => probabilityCrossEntropy(tf.tensor1d([2, 0]), probabilities)],
    ['no axis of classes', () => probabilityCrossEntropy(labels, tf.scalar(1))],
  ])('refuses %s', (_, call) => {
    expect(call).toThrow(expect.objectContaining({ code: 'GS_AUTODIFF_SHAPE' }));
  });

  it('refuses an epsilon that leaves nothing', () => {
    expect(() => probabilityCrossEntropy(labels, probabilities, 0.5)).toThrow(
      expect.objectContaining({ code: 'GS_OPTION_VALUE' }),
    );
  });
});
