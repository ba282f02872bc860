import { describeShape, describeValue, GradstreamError } from '@gradstream/core';
import type { Tensors } from '../gradient-transformation.js';

/**
 * The gradients of exactly these weights, in their order. Gradients of other weights are left out.
 *
 * Throws `GS_OPTIMIZER_GRADIENT` where a weight has none, or one of another shape.
 */
export function matchGradients(where: string, gradients: Tensors, params: Tensors): Tensors {
  const paths = Object.keys(params);
  for (const path of paths) {
    const gradient = Object.hasOwn(gradients, path) ? gradients[path] : undefined;
    const weight = params[path]!;
    if (gradient === undefined || gradient === null) {
      throw new GradstreamError('GS_OPTIMIZER_GRADIENT', {
        where,
        what: `The weight "${path}" has no gradient`,
        expected: `a gradient for each of ${paths.length} weights`,
        received: `gradients of ${describeValue(Object.keys(gradients))}`,
        next: 'Pass only the weights that are trained, and check that the loss depends on each of them.',
      });
    }
    if (
      gradient.shape.length !== weight.shape.length ||
      gradient.shape.some((size, axis) => size !== weight.shape[axis])
    ) {
      throw new GradstreamError('GS_OPTIMIZER_GRADIENT', {
        where,
        what: `The gradient of the weight "${path}" has another shape than the weight`,
        expected: describeShape(weight.shape),
        received: describeShape(gradient.shape),
        next: 'Sum the gradient over the dimensions along which the weight was broadcast.',
      });
    }
  }
  if (Object.keys(gradients).length === paths.length) return gradients;
  return Object.fromEntries(paths.map((path) => [path, gradients[path]!]));
}
