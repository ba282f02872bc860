import { checkOptions, describeShape, GradstreamError, type Shape } from '@gradstream/core';
import * as tf from '@tensorflow/tfjs-core';
import { resolveAxis } from './internal/axes.js';
import { onFloat } from './internal/on-float.js';
import { withGradient } from './internal/with-gradient.js';

/** Options of `glu`. */
export interface GluOptions {
  /** The axis that is cut in two. Default -1, the last. */
  readonly axis?: number;
}

/**
 * The gated linear unit: `a * sigmoid(b)`, where `a` and `b` are the two halves of `x` along an axis.
 *
 * Any shape with an even size along the axis; that size is halved. Throws `GS_ACTIVATION_SHAPE` for an odd size or where the input lacks the axis.
 * Source: Dauphin et al., "Language modeling with gated convolutional networks", 2016.
 */
export function glu(x: tf.Tensor, options: GluOptions = {}): tf.Tensor {
  checkOptions('activations/glu', options, ['axis']);
  return onFloat('glu', x, (input) => {
    const axis = resolveAxis('glu', options.axis ?? -1, input);
    checkEven(input.shape, axis);
    return gated(input, axis);
  });
}

/** Throws `GS_ACTIVATION_SHAPE` where the size of a shape along an axis is known and odd. */
export function checkEven(shape: Shape, axis: number): void {
  const size = shape[axis];
  if (typeof size !== 'number' || size % 2 === 0) return;
  throw new GradstreamError('GS_ACTIVATION_SHAPE', {
    where: 'activations/glu',
    what: `The input cannot be cut in two halves along axis ${axis}`,
    expected: 'an even size',
    received: `${size} in the shape ${describeShape(shape)}`,
    next: 'Give the layer before it an even width: twice the width that is wanted.',
  });
}

function gated(x: tf.Tensor, axis: number): tf.Tensor {
  return withGradient(x, {
    forward: (input) => {
      const [values, gates] = tf.split(input, 2, axis);
      return { value: tf.mul(values!, tf.sigmoid(gates!)), kept: input };
    },
    backward: (dy, input) => {
      const [values, gates] = tf.split(input, 2, axis);
      const opened = tf.sigmoid(gates!);
      const valueGradient = tf.mul(dy, opened);
      // 1 - sigmoid(b), as sigmoid(-b) so that it keeps its digits where the gate is nearly open.
      const closed = tf.sigmoid(tf.neg(gates!));
      const gateGradient = tf.mul(tf.mul(valueGradient, values!), closed);
      return tf.concat([valueGradient, gateGradient], axis);
    },
  });
}
