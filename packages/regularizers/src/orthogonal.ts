import { checkChoice, checkNumber, checkOptions, describeShape, GradstreamError } from '@gradstream/core';
import * as tf from '@tensorflow/tfjs-core';
import { withSlope } from './internal/with-slope.js';
import type { Regularizer } from './regularizer.js';

const MODES = ['rows', 'columns'] as const;

/** Options of `orthogonal`. */
export interface OrthogonalOptions {
  /** Factor of the penalty, 0 or more. Default 0.01. */
  readonly factor?: number;
  /** Which vectors of the matrix are to be orthogonal to each other. Default `rows`. */
  readonly mode?: (typeof MODES)[number];
}

/** The smallest norm that a vector is divided by, as in Keras. */
const EPSILON = 1e-7;

/**
 * The penalty `factor * mean(|u . v|)` over all pairs of different rows, or columns, of a matrix, each brought to length 1: 0 where they are orthogonal.
 *
 * The gradient is 0 for pairs that are orthogonal and for a row of zeros (Keras gives NaN there); a single row has no pair and the penalty 0 (Keras: NaN).
 * Called `OrthogonalRegularizer` in Keras. Throws `GS_OPTION_VALUE` for a negative factor or another mode; the regularizer throws
 * `GS_REGULARIZER_INPUT` for a weight that is no matrix.
 */
export function orthogonal(options: OrthogonalOptions = {}): Regularizer {
  const where = 'regularizers/orthogonal';
  checkOptions(where, options, ['factor', 'mode']);
  const factor = checkNumber(where, 'factor', options.factor ?? 0.01, { min: 0 });
  const mode = checkChoice(where, 'mode', options.mode ?? 'rows', MODES);
  const penalize = withSlope({
    value: (weight) => penaltyOf(weight, mode === 'rows', factor),
    slope: (weight) => slopeOf(weight, mode === 'rows', factor),
  });
  const checked = (weight: tf.Tensor): tf.Scalar => {
    checkMatrix(where, weight);
    return penalize(weight);
  };
  return Object.assign(checked, { config: { type: 'OrthogonalRegularizer', config: { factor, mode } } });
}

/** The vectors at length 1, what they were divided by, and their products with each other, 0 on the diagonal. */
function productsOf(weight: tf.Tensor, rows: boolean): { units: tf.Tensor; lengths: tf.Tensor; products: tf.Tensor } {
  const norms = tf.sqrt(tf.sum(tf.square(weight), rows ? 1 : 0, true));
  const lengths = tf.maximum(norms, EPSILON);
  const units = tf.div(weight, lengths);
  const products = tf.matMul(units, units, !rows, rows);
  return { units, lengths, products: tf.mul(products, tf.sub(1, tf.eye(products.shape[0]!))) };
}

const countOf = (weight: tf.Tensor, rows: boolean): number => weight.shape[rows ? 0 : 1]!;

/** Factor of the sum of all products, in which each pair stands twice. */
const scaleOf = (count: number, factor: number): number => factor / (count * (count - 1));

function penaltyOf(weight: tf.Tensor, rows: boolean, factor: number): tf.Scalar {
  const count = countOf(weight, rows);
  if (count < 2) return tf.scalar(0);
  return tf.mul(tf.sum(tf.abs(productsOf(weight, rows).products)), scaleOf(count, factor));
}

function slopeOf(weight: tf.Tensor, rows: boolean, factor: number): tf.Tensor {
  const count = countOf(weight, rows);
  if (count < 2) return tf.zerosLike(weight);
  const { units, lengths, products } = productsOf(weight, rows);
  const signs = tf.sign(products);
  const pull = tf.mul(rows ? tf.matMul(signs, units) : tf.matMul(units, signs), 2 * scaleOf(count, factor));
  // The part along a vector does not turn it; one that was too short is only multiplied by a constant.
  const along = tf.mul(units, tf.sum(tf.mul(pull, units), rows ? 1 : 0, true));
  const turning = tf.cast(tf.greater(lengths, EPSILON), 'float32');
  return tf.div(tf.sub(pull, tf.mul(along, turning)), lengths);
}

function checkMatrix(where: string, weight: tf.Tensor): void {
  if (weight.rank === 2) return;
  throw new GradstreamError('GS_REGULARIZER_INPUT', {
    where,
    what: 'The weight is no matrix',
    expected: 'two dimensions',
    received: `the shape ${describeShape(weight.shape)}`,
    next: 'Use it for the kernel of a dense layer, or reshape in a regularizer of your own: (w) => orthogonal()(tf.reshape(w, [-1, 8])).',
  });
}
