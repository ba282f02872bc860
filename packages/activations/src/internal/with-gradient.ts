import { customGrad, type GradSaveFunc, type Tensor } from '@tensorflow/tfjs-core';

/** A function of one tensor with a gradient of its own. */
export interface Differentiable {
  /** The result, and the one tensor that the way back needs. */
  readonly forward: (x: Tensor) => { value: Tensor; kept: Tensor };
  /** The gradient of `x` from the gradient of the result and the tensor that was kept. */
  readonly backward: (dy: Tensor, kept: Tensor) => Tensor;
}

/** Runs `forward` so that tfjs differentiates it by `backward`, not operation by operation. */
export function withGradient(x: Tensor, { forward, backward }: Differentiable): Tensor {
  const apply = customGrad((...inputs: (Tensor | GradSaveFunc)[]) => {
    const [input, save] = inputs as [Tensor, GradSaveFunc];
    const { value, kept } = forward(input);
    save([kept]);
    return { value, gradFunc: (dy: Tensor, saved: Tensor[]): Tensor => backward(dy, saved[0]!) };
  });
  return apply(x);
}
