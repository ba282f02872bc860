import { describeValue, GradstreamError } from '@gradstream/core';
import { Tensor } from '@tensorflow/tfjs-core';
import type { Loss } from './loss-contract.js';

/** A loss as a plain function of targets and predictions: one value a sample element, or one for the whole batch. */
export type LossFunction = (yTrue: Tensor, yPred: Tensor) => Tensor;

/**
 * A loss of a plain function: its name is the function's, or `loss`. Targets come as float32 and are not checked, so that a function can give
 * NaN or -1 a meaning of its own. It needs the gradients of the tfjs operations that it uses (`registerGradients` of @gradstream/autodiff).
 *
 * `call` throws `GS_LOSS_RESULT` where the function does not give a tensor.
 */
export function lossFromFunction(compute: LossFunction): Loss {
  const name = compute.name === '' ? 'loss' : compute.name;
  return {
    name,
    targetDtype: 'float32',
    call: (yTrue, yPred) => {
      const value: unknown = compute(yTrue, yPred);
      if (value instanceof Tensor) return value;
      throw new GradstreamError('GS_LOSS_RESULT', {
        where: `objectives/loss "${name}"`,
        what: 'The loss function does not give a tensor',
        expected: 'a tensor: one value for each sample, or a scalar',
        received: describeValue(value),
        next: 'Compute it with tfjs functions, without reading a value back, and return the tensor.',
      });
    },
    check: () => undefined,
  };
}
