import { add, grads, mul, square, sub, sum, tensor, tidy, type Tensor } from '@tensorflow/tfjs-core';

/** Throws unless a small step of gradient descent on some of a function's inputs lowers the squared distance of its result from fixed targets. */
export function checkTrains(
  f: (...inputs: Tensor[]) => Tensor,
  inputs: readonly Tensor[],
  trained: readonly number[],
): void {
  tidy(() => {
    const of = (...moved: Tensor[]): Tensor =>
      f(...inputs.map((input, index) => (trained.includes(index) ? moved[trained.indexOf(index)]! : input)));
    const weights = trained.map((index) => inputs[index]!);
    const result = of(...weights);
    const target = tensor(
      Float32Array.from({ length: result.size }, (_, index) => Math.cos(index)),
      result.shape,
    );
    const distance = (y: Tensor): number => sum(square(sub(y, target))).dataSync()[0]!;
    const before = distance(result);
    const gradients = grads(of)(weights, mul(2, sub(result, target)));
    const norm = gradients.reduce((total, gradient) => total + sum(square(gradient)).dataSync()[0]!, 0);
    if (norm === 0) throw new Error('No weight has a gradient');
    // To the first order, such a step lowers the distance by a hundredth of it.
    const rate = (0.01 * before) / norm;
    const after = distance(of(...weights.map((weight, index) => add(weight, mul(gradients[index]!, -rate)))));
    if (!(after < before)) throw new Error(`A step of training took the distance from ${before} to ${after}`);
  });
}
