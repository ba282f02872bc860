import { customGrad, tidy, type Tensor } from '@tensorflow/tfjs-core';

/** A value, the tensors that its gradient needs, and the gradient itself: from the gradient of the value and those tensors. */
export interface Differentiable {
  readonly value: Tensor;
  readonly saved: readonly Tensor[];
  readonly gradient: (dy: Tensor, saved: readonly Tensor[]) => Tensor;
}

/**
 * Computes a function of predictions that brings its own gradient: fewer kernels than the gradients of its steps, and none of them has to be
 * registered on tfjs-core. Nothing flows into other tensors that `compute` uses.
 */
export function withGradient(yPred: Tensor, compute: (yPred: Tensor) => Differentiable): Tensor {
  return customGrad((x, save) => {
    const { value, saved, gradient } = compute(x as Tensor);
    (save as (tensors: Tensor[]) => void)([...saved]);
    return { value, gradFunc: (dy: Tensor, tensors: Tensor[]) => tidy(() => gradient(dy, tensors)) };
  })(yPred);
}
