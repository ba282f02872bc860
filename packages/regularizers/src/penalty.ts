import { GradstreamError } from '@gradstream/core';
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import { describeResult, shapeOf } from './internal/describe-result.js';
import type { Regularizer } from './regularizer.js';

/**
 * The penalty of a regularizer on a weight, checked: what trains a model calls this and not the function itself.
 *
 * `where` names the weight in the message. Throws `GS_REGULARIZER_SHAPE` unless the regularizer gives a scalar tensor.
 */
export function penalty(regularizer: Regularizer, weight: Tensor, where = 'regularizers/penalty'): Scalar {
  const value = regularizer(weight);
  if (shapeOf(value)?.length === 0) return value;
  throw new GradstreamError('GS_REGULARIZER_SHAPE', {
    where,
    what: 'The regularizer gives no single number',
    expected: 'a scalar tensor, shape []',
    received: describeResult(value),
    next: 'Sum over the weight: tf.sum(...) without an axis gives a scalar.',
  });
}
