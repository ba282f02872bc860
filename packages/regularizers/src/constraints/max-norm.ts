import { checkNumber, checkOptions } from '@gradstream/core';
import * as tf from '@tensorflow/tfjs-core';
import type { Constraint } from './constraint.js';
import { checkAxis, EPSILON, normsAlong } from '../internal/norms-along.js';

/** Options of `maxNorm`. */
export interface MaxNormOptions {
  /** The largest norm, 0 or more. Default 2. */
  readonly maxValue?: number;
  /** The axis or axes along which the norm is taken. Default 0: the inputs of each unit of a dense layer. */
  readonly axis?: number | readonly number[];
}

/**
 * Shortens the weights of each unit to the norm `maxValue` where it is larger: `w * min(norm, maxValue) / (norm + 1e-7)`.
 *
 * Shorter ones change too, by the factor `norm / (norm + 1e-7)`, as in Keras. Throws `GS_OPTION_VALUE` for a negative `maxValue`;
 * the constraint throws `GS_CONSTRAINT_AXIS` where the weight lacks the axis.
 */
export function maxNorm(options: MaxNormOptions = {}): Constraint {
  const where = 'constraints/maxNorm';
  checkOptions(where, options, ['maxValue', 'axis']);
  const maxValue = checkNumber(where, 'maxValue', options.maxValue ?? 2, { min: 0 });
  const axis = checkAxis(where, options.axis ?? 0);
  const constrain = (weight: tf.Tensor): tf.Tensor =>
    tf.tidy(() => {
      const norms = normsAlong(where, weight, axis);
      return tf.mul(weight, tf.div(tf.minimum(norms, maxValue), tf.add(norms, EPSILON)));
    });
  return Object.assign(constrain, { config: { type: 'MaxNorm', config: { maxValue, axis } } });
}
