import { describeShape, describeValue, GradstreamError, type RandomKey } from '@gradstream/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Initializer } from './initializer.js';

/**
 * Runs an initializer and checks what it gives, so that a mistake in one's own is found where it is made.
 *
 * Throws `GS_INITIALIZER_RESULT` unless the result is a float32 tensor of the shape that was asked for.
 */
export function initialValue(initialize: Initializer, shape: readonly number[], key: RandomKey): Tensor {
  const value = initialize(shape, key);
  const found = (value as Tensor | undefined)?.shape;
  const fits = Array.isArray(found) && found.length === shape.length && found.every((size, i) => size === shape[i]);
  if (fits && value.dtype === 'float32') return value;
  throw new GradstreamError('GS_INITIALIZER_RESULT', {
    where: 'initializers/initialValue',
    what: 'The initializer does not give what the weight needs',
    expected: `a float32 tensor of shape ${describeShape(shape)}`,
    received: Array.isArray(found) ? `${value.dtype} of shape ${describeShape(found)}` : describeValue(value),
    next: 'Return a float32 tensor of the shape that is passed in, for example tf.ones(shape).',
  });
}
