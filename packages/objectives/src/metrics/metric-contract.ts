import type { Config, HostArray, Shape } from '@gradstream/core';
import type { Tensor } from '@tensorflow/tfjs-core';

/**
 * What is reported beside the loss. The state stays on the device: nothing is read back until the caller reads `result`.
 *
 * This interface is also how one writes a metric of one's own. The functions are pure: they dispose nothing that they were given. `update` gives new
 * tensors, or one of the state's own where it stays as it is; the caller owns what it gets and may dispose what is no longer there. Nothing may depend on a tensor's value in JavaScript.
 */
export interface Metric {
  readonly name: string;
  /** Whether a better model has a larger ('up') or smaller ('down') value; left out where Keras does not say. */
  readonly direction?: 'up' | 'down';
  /** How `metric` makes it again: Keras' class name and its settings in camelCase. Left out where a function is inside. */
  readonly config?: Config;
  /** The state before the first batch. */
  init(): Tensor[];
  /**
   * The state after one more batch, of any size. `sampleWeight` says how much each sample counts: a shape that the values' shape begins with, most
   * often [batch]; a size of 1 stands for any.
   */
  update(state: readonly Tensor[], yTrue: Tensor, yPred: Tensor, sampleWeight?: Tensor): Tensor[];
  /** The metric over all batches since `init`: float32, a scalar unless `resultShape` says otherwise. */
  result(state: readonly Tensor[]): Tensor;
  /** The result's shape on an output of the given shape. Left out for a scalar. Logs name its numbers `name_0`, `name_1`, `name_0_1`. */
  resultShape?(outputShape: Shape): readonly number[];
  /** Checks targets on the host, before anything goes to the device. Left out where every target is good. */
  check?(targets: HostArray, outputShape: Shape): void;
}

/** A metric as a plain function: values for each sample, or a scalar that stands for the whole batch and is weighted with its size. */
export type MetricFunction = (yTrue: Tensor, yPred: Tensor) => Tensor;

/** The option that every metric has. */
export interface MetricOptions {
  /** What it is called in the logs. Default: the name of the function that makes it. */
  readonly name?: string;
}
