import { checkNumber, checkOptions, describeShape, GradstreamError } from '@gradstream/core';
import { tensor } from '@tensorflow/tfjs-core';
import { checkWeightShape } from './internal/check-weight-shape.js';
import type { Initializer } from './initializer.js';

/** Options of `identity`. */
export interface IdentityOptions {
  /** The number on the diagonal. Default 1. */
  readonly gain?: number;
}

/**
 * `gain` on the diagonal of a matrix, 0 elsewhere. The matrix need not be square. The initializer reads no key.
 *
 * The initializer throws `GS_INITIALIZER_SHAPE` for a shape that is not `[rows, columns]`. Keras 3.15 does not save the gain; here it stands in the
 * config where it is not 1, and Keras reads it from there.
 */
export function identity(options: IdentityOptions = {}): Initializer {
  const where = 'initializers/identity';
  checkOptions(where, options, ['gain']);
  const gain = checkNumber(where, 'gain', options.gain ?? 1);
  const initialize = (shape: readonly number[]): ReturnType<Initializer> => {
    checkWeightShape(where, shape);
    const [rows, columns] = shape;
    if (shape.length !== 2) {
      throw new GradstreamError('GS_INITIALIZER_SHAPE', {
        where,
        what: 'Only a matrix can be an identity',
        expected: 'a shape of two dimensions',
        received: describeShape(shape),
        next: 'Use another initializer for this weight, for example zeros for a bias.',
      });
    }
    const values = new Float32Array(rows! * columns!);
    for (let i = 0; i < Math.min(rows!, columns!); i++) values[i * columns! + i] = gain;
    return tensor(values, [...shape], 'float32');
  };
  return Object.assign(initialize, { config: { type: 'Identity', config: gain === 1 ? {} : { gain } } });
}
