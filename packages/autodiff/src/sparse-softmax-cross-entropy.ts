import { describeShape, GradstreamError } from '@gradstream/core';
import { cast, tidy, util, type Tensor } from '@tensorflow/tfjs-core';
import { crossEntropy } from './internal/cross-entropy.js';

/**
 * Cross-entropy between class numbers and the softmax of logits, along the last axis: `-logSoftmax(logits)[label]`.
 *
 * `labels` are whole numbers [...] from 0 to classes - 1 and `logits` are [..., classes], float32; gives one value a row, [...]. The gradient by the
 * logits is `(softmax(logits) - oneHot(labels)) * dy`. Throws `GS_AUTODIFF_SHAPE` where the shapes do not fit. A label outside the classes cannot be
 * seen on the device: check labels on the host.
 *
 * Runs the backend's kernel `GradstreamSparseSoftmaxCrossEntropy` where there is one: inputs `labels` int32 [n] and `logits` float32 [n, classes]; two
 * outputs, the losses [n] and their slope by the logits [n, classes].
 */
export function sparseSoftmaxCrossEntropy(labels: Tensor, logits: Tensor): Tensor {
  const outer = logits.shape.slice(0, -1);
  if (logits.rank === 0 || !util.arraysEqual(labels.shape, outer)) {
    throw new GradstreamError('GS_AUTODIFF_SHAPE', {
      where: 'autodiff/sparseSoftmaxCrossEntropy',
      what: 'The labels do not fit the logits',
      expected: `one class number a row, ${describeShape(outer)}, for logits ${describeShape(logits.shape)}`,
      received: describeShape(labels.shape),
      next: 'Remove the last axis of the labels, or use softmaxCrossEntropy for one-hot labels.',
    });
  }
  return tidy(() => {
    const indices = labels.dtype === 'int32' ? labels : cast(labels, 'int32');
    return crossEntropy({ kernelName: 'GradstreamSparseSoftmaxCrossEntropy', labels: indices, sparse: true, logits });
  });
}
