import { checkOptions } from '@gradstream/core';
import * as tf from '@tensorflow/tfjs-core';
import type { Constraint } from './constraint.js';
import { checkAxis, EPSILON, normsAlong } from '../internal/norms-along.js';

/** Options of `unitNorm`. */
export interface UnitNormOptions {
  /** The axis or axes along which the norm is taken. Default 0: the inputs of each unit of a dense layer. */
  readonly axis?: number | readonly number[];
}

/**
 * Brings the weights of each unit to the norm 1: `w / (norm + 1e-7)`; zeros stay zeros.
 *
 * The constraint throws `GS_CONSTRAINT_AXIS` where the weight lacks the axis.
 */
export function unitNorm(options: UnitNormOptions = {}): Constraint {
  const where = 'constraints/unitNorm';
  checkOptions(where, options, ['axis']);
  const axis = checkAxis(where, options.axis ?? 0);
  const constrain = (weight: tf.Tensor): tf.Tensor =>
    tf.tidy(() => tf.div(weight, tf.add(normsAlong(where, weight, axis), EPSILON)));
  return Object.assign(constrain, { config: { type: 'UnitNorm', config: { axis } } });
}
