import {
  checkNumber,
  checkOptions,
  describeShape,
  GradstreamError,
  normalValues,
  sizeOf,
  type RandomKey,
} from '@gradstream/core';
import { fromValues } from './internal/from-values.js';
import { orthonormalColumns } from './internal/orthonormal-columns.js';
import { checkSeed, type SeedOptions } from './internal/seed.js';
import type { Initializer } from './initializer.js';

/** Options of `orthogonal`. */
export interface OrthogonalOptions extends SeedOptions {
  /** What the orthogonal matrix is multiplied by. Default 1. */
  readonly gain?: number;
}

/**
 * A random orthogonal matrix times `gain`: orthonormal columns, or orthonormal rows where there are fewer rows than columns.
 *
 * A shape of more than two dimensions is filled as the matrix `[product of all sizes but the last, last size]`. Made on the host in float64 by QR
 * decomposition of normal random numbers, in time of `2 * rows * columns * min(rows, columns)` multiplications and more.
 * The initializer throws `GS_INITIALIZER_SHAPE` for fewer than two dimensions.
 * Source: Saxe et al., "Exact solutions to the nonlinear dynamics of learning in deep linear neural networks", 2014.
 */
export function orthogonal(options: OrthogonalOptions = {}): Initializer {
  const where = 'initializers/orthogonal';
  checkOptions(where, options, ['gain', 'seed']);
  const gain = checkNumber(where, 'gain', options.gain ?? 1);
  const seed = checkSeed(where, options.seed);
  return fromValues('Orthogonal', { gain, seed }, (shape, key) => {
    if (shape.length >= 2) return orthogonalValues(shape, key, gain);
    throw new GradstreamError('GS_INITIALIZER_SHAPE', {
      where,
      what: `A weight of ${shape.length} dimension${shape.length === 1 ? '' : 's'} cannot be orthogonal`,
      expected: 'a shape of at least two dimensions',
      received: describeShape(shape),
      next: 'Use another initializer for this weight, for example zeros for a bias.',
    });
  });
}

function orthogonalValues(shape: readonly number[], key: RandomKey, gain: number): Float32Array {
  const rows = sizeOf(shape.slice(0, -1));
  const columns = shape.at(-1)!;
  const [long, short] = [Math.max(rows, columns), Math.min(rows, columns)];
  const normal = normalValues(key, 0, long * short);
  const matrix = new Float64Array(long * short);
  for (let i = 0; i < long; i++) for (let j = 0; j < short; j++) matrix[j * long + i] = normal[i * short + j]!;
  const turned = orthonormalColumns(matrix, long, short);
  const values = new Float32Array(long * short);
  for (let j = 0; j < short; j++) {
    for (let i = 0; i < long; i++) {
      // A wide matrix is the transpose of a long one, whose columns are its rows.
      values[rows >= columns ? i * columns + j : j * columns + i] = gain * turned[j * long + i]!;
    }
  }
  return values;
}
