import { describeShape, GradstreamError, sizeOf } from '@gradstream/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { alias } from './internal/alias.js';

/**
 * A tensor over the same data with another shape of as many elements, differentiable: `tf.reshape` without what the record of that keeps and costs. The
 * caller owns it. Throws `GS_AUTODIFF_SHAPE` where the number of elements differs.
 */
export function view(x: Tensor, shape: readonly number[]): Tensor {
  if (sizeOf(shape) === x.size) return alias(x, shape);
  throw new GradstreamError('GS_AUTODIFF_SHAPE', {
    where: 'autodiff/view',
    what: 'The shape has another number of elements than the tensor',
    expected: `a shape of ${x.size} elements, as ${describeShape(x.shape)} has`,
    received: describeShape(shape),
    next: 'Check the shape: it is given without -1.',
  });
}
