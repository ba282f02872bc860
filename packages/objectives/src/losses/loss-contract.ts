import type { Config, HostArray, Shape } from '@gradstream/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Reduction } from './reduction.js';

/** What training minimizes. Anything that fits this interface works; `loss()` makes one of a plain function. */
export interface Loss {
  readonly name: string;
  /** How `computeLoss` makes one number of the values. Default `sumOverBatchSize`. */
  readonly reduction?: Reduction;
  /** Keras' class and its options in camelCase, from which `loss()` makes the same loss again. */
  readonly config?: Config;
  /** The type in which the targets go to the device. */
  readonly targetDtype: 'float32' | 'int32';
  /**
   * One value a sample element: the shape of `yPred` without the axis that the loss works along, by default the last; a loss that looks at
   * the batch as a whole may give a scalar. Differentiable with respect to `yPred`; the gradient with respect to `yTrue` is not defined.
   * Throws `GS_LOSS_SHAPE` for shapes that do not fit. Reads nothing back from the device.
   */
  call(yTrue: Tensor, yPred: Tensor): Tensor;
  /** 1 where a value of `call` counts in a mean and 0 where it does not, in the shape of `values`. Default: all count. */
  readonly mask?: (yTrue: Tensor, yPred: Tensor, values: Tensor) => Tensor;
  /**
   * Checks the targets of one batch on the host, against the output's shape with the batch in front (`[null, 10]`), before they go to the
   * device. Throws `GS_LOSS_SHAPE`, `GS_LOSS_LABEL` or `GS_LOSS_TARGET` with the position of the first bad value.
   */
  check(targets: HostArray, outputShape: Shape): void;
  /**
   * Checks the model's output once, before training: its shape with the batch in front and, where it is known, the name of the activation
   * that makes it (`softmax`). Throws `GS_LOSS_OUTPUT` for an output on which this loss is meaningless.
   */
  readonly checkOutput?: (outputShape: Shape, activation?: string) => void;
}
