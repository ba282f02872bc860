import { describeValue, GradstreamError } from '@gradstream/core';
import { cast, tidy, type Tensor } from '@tensorflow/tfjs-core';

/**
 * Runs an activation on float32 numbers: a tensor of whole numbers or booleans is cast first, so every result is float32.
 *
 * Throws `GS_ACTIVATION_INPUT` for anything that is no tensor of numbers.
 */
export function onFloat(name: string, x: Tensor, compute: (x: Tensor) => Tensor): Tensor {
  const dtype = (x as Tensor | undefined)?.dtype;
  if (dtype === 'float32') return compute(x);
  if (dtype === 'int32' || dtype === 'bool') return tidy(() => compute(cast(x, 'float32')));
  throw new GradstreamError('GS_ACTIVATION_INPUT', {
    where: `activations/${name}`,
    what: 'The input is no tensor of numbers',
    expected: 'a float32, int32 or bool tensor',
    received: dtype === undefined ? describeValue(x) : `a ${dtype} tensor`,
    next: 'Make one with tf.tensor(...) first.',
  });
}
