import { checkNumber, checkOptions, GradstreamError } from '@gradstream/core';
import * as tf from '@tensorflow/tfjs-core';
import type { Constraint } from './constraint.js';
import { checkAxis, EPSILON, normsAlong } from '../internal/norms-along.js';

/** Options of `minMaxNorm`. */
export interface MinMaxNormOptions {
  /** The smallest norm, 0 or more. Default 0. */
  readonly minValue?: number;
  /** The largest norm, at least `minValue`. Default 1. */
  readonly maxValue?: number;
  /** How far a norm goes to where it should be in one update, 0 to 1. Default 1: all the way. */
  readonly rate?: number;
  /** The axis or axes along which the norm is taken. Default 0: the inputs of each unit of a dense layer. */
  readonly axis?: number | readonly number[];
}

/**
 * Brings the norm of each unit's weights between two bounds: `w * (rate * clip(norm, minValue, maxValue) + (1 - rate) * norm) / (norm + 1e-7)`.
 *
 * Weights inside the bounds change too, by the factor `norm / (norm + 1e-7)`, as in Keras; zeros stay zeros. Throws `GS_OPTION_VALUE` for bounds in the
 * wrong order or below 0 and for a rate outside 0 to 1; the constraint throws `GS_CONSTRAINT_AXIS` where the weight lacks the axis.
 */
export function minMaxNorm(options: MinMaxNormOptions = {}): Constraint {
  const where = 'constraints/minMaxNorm';
  checkOptions(where, options, ['minValue', 'maxValue', 'rate', 'axis']);
  const minValue = checkNumber(where, 'minValue', options.minValue ?? 0, { min: 0 });
  const maxValue = checkNumber(where, 'maxValue', options.maxValue ?? 1, { min: 0 });
  const rate = checkNumber(where, 'rate', options.rate ?? 1, { min: 0, max: 1 });
  const axis = checkAxis(where, options.axis ?? 0);
  if (maxValue < minValue) {
    throw new GradstreamError('GS_OPTION_VALUE', {
      where,
      what: 'The option "maxValue" is below "minValue"',
      expected: `at least ${minValue}`,
      received: String(maxValue),
      next: 'Swap the two, or give both.',
    });
  }
  const constrain = (weight: tf.Tensor): tf.Tensor =>
    tf.tidy(() => {
      const norms = normsAlong(where, weight, axis);
      const wanted = tf.add(tf.mul(tf.clipByValue(norms, minValue, maxValue), rate), tf.mul(norms, 1 - rate));
      return tf.mul(weight, tf.div(wanted, tf.add(norms, EPSILON)));
    });
  return Object.assign(constrain, { config: { type: 'MinMaxNorm', config: { minValue, maxValue, rate, axis } } });
}
