import type { HostArray, Shape } from '@gradstream/core';
import type { Tensor } from '@tensorflow/tfjs-core';

/** What training minimizes. Anything that fits this interface works; `loss()` makes one of a plain function. */
export interface Loss {
  readonly name: string;
  /** The type in which the targets go to the device. */
  readonly targetDtype: 'float32' | 'int32';
  /**
   * One value a sample element: the shape of `yPred` without its last axis. Differentiable with respect to `yPred`; the gradient with
   * respect to `yTrue` is not defined. Throws `GS_LOSS_SHAPE` for shapes that do not fit. Reads nothing back from the device.
   */
  call(yTrue: Tensor, yPred: Tensor): Tensor;
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
