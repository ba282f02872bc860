import { describeShape, GradstreamError } from '@gradstream/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { describeResult, shapeOf } from '../internal/describe-result.js';
import type { Constraint } from './constraint.js';

/**
 * What a constraint makes of a weight, checked: what trains a model calls this and not the function itself.
 *
 * `where` names the weight in the message. Throws `GS_CONSTRAINT_SHAPE` unless the constraint gives a tensor of the weight's shape.
 */
export function constrained(constraint: Constraint, weight: Tensor, where = 'constraints/constrained'): Tensor {
  const value = constraint(weight);
  const shape = shapeOf(value);
  if (shape?.length === weight.rank && shape.every((size, i) => size === weight.shape[i])) return value;
  throw new GradstreamError('GS_CONSTRAINT_SHAPE', {
    where,
    what: 'The constraint changes the shape of the weight',
    expected: `a tensor of shape ${describeShape(weight.shape)}`,
    received: describeResult(value),
    next: 'Return a tensor of the same shape, for example tf.maximum(weight, 0).',
  });
}
