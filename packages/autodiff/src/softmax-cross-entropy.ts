import { describeShape, GradstreamError } from '@gradstream/core';
import { cast, tidy, util, type Tensor } from '@tensorflow/tfjs-core';
import { crossEntropy } from './internal/cross-entropy.js';

/**
 * Cross-entropy between distributions and the softmax of logits, along the last axis: `-sum(labels * logSoftmax(logits))`.
 *
 * Both are [..., classes], float32; gives one value a row, [...]. Stable for logits of any size. Throws `GS_AUTODIFF_SHAPE` where the shapes differ.
 *
 * Runs the backend's kernel `GradstreamSoftmaxCrossEntropy` where there is one: inputs `labels` and `logits`, float32 [n, classes]; two outputs, the
 * losses [n] and their slope by the logits [n, classes].
 *
 * The gradient by the logits is `(softmax(logits) * sum(labels) - labels) * dy`, which is exact for any labels. Keras on TensorFlow leaves the sum
 * out: the same where each row sums to 1, but a row of zeros, whose loss is 0, gets a gradient there.
 */
export function softmaxCrossEntropy(labels: Tensor, logits: Tensor): Tensor {
  if (logits.rank === 0 || !util.arraysEqual(labels.shape, logits.shape)) {
    throw new GradstreamError('GS_AUTODIFF_SHAPE', {
      where: 'autodiff/softmaxCrossEntropy',
      what: 'The labels and the logits have different shapes, or no axis of classes',
      expected: `labels of the logits' shape ${describeShape(logits.shape)}`,
      received: describeShape(labels.shape),
      next: 'Encode the labels one-hot, or use sparseSoftmaxCrossEntropy for class numbers.',
    });
  }
  return tidy(() => {
    const distributions = labels.dtype === 'float32' ? labels : cast(labels, 'float32');
    return crossEntropy({ kernelName: 'GradstreamSoftmaxCrossEntropy', labels: distributions, sparse: false, logits });
  });
}
