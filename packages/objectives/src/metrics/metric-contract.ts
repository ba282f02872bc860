import type { Scalar, Tensor } from '@tensorflow/tfjs-core';

/**
 * What is reported beside the loss. The state stays on the device: nothing is read back until the caller reads `result`.
 *
 * The functions are pure: they dispose nothing that they were given; the caller owns the tensors they give.
 */
export interface Metric {
  readonly name: string;
  /** The state before the first batch. */
  init(): Tensor[];
  /** The state after one more batch. */
  update(state: readonly Tensor[], yTrue: Tensor, yPred: Tensor): Tensor[];
  /** The metric over all batches since `init`, a float32 scalar. */
  result(state: readonly Tensor[]): Scalar;
}

/** A metric as a plain function: values for each sample, or a scalar that stands for the whole batch and is weighted with its size. */
export type MetricFunction = (yTrue: Tensor, yPred: Tensor) => Tensor;
