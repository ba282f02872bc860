import { unrecorded } from '@gradstream/autodiff';
import { cast, less, mean, mul, square, sub, type Tensor } from '@tensorflow/tfjs-core';

/** A slope that is less than this share of the steepest one hands on almost no gradient. */
const LITTLE = 0.05;

/** Slopes of activations over their steepest slope, from what they gave. */
const SLOPES: Readonly<Record<string, (y: Tensor) => Tensor>> = {
  sigmoid: (y) => mul(mul(y, sub(1, y)), 4),
  tanh: (y) => sub(1, square(y)),
};

/** Whether an activation levels off on both sides. */
export const saturates = (activation: string | null | undefined): boolean =>
  typeof activation === 'string' && Object.hasOwn(SLOPES, activation);

/** The share of an output's elements where its activation is nearly level, as a scalar on the device. */
export function saturatedShare(activation: string, output: Tensor): Tensor {
  return unrecorded(() => mean(cast(less(SLOPES[activation]!(output), LITTLE), 'float32')));
}
