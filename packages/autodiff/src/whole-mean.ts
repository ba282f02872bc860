import { Mean, type Scalar, type Tensor } from '@tensorflow/tfjs-core';
import { runKernel } from './internal/run-kernel.js';
import { runOperation } from './internal/run-operation.js';
import { spread } from './internal/spread.js';

/** The mean of all elements of a float32 tensor, differentiable: `tf.mean` without the copy of the tensor that the record of that keeps. NaN for no elements. */
export function wholeMean(x: Tensor): Scalar {
  const { shape, size } = x;
  const axes = shape.map((_, axis) => axis);
  return runOperation({
    inputs: { x },
    forward: () => runKernel(Mean, { x }, { axis: axes, keepDims: false }),
    backward: (dy) => ({ x: () => spread(dy, shape, axes, 1 / size) }),
  }) as Scalar;
}
