import { checkWeightShape } from './internal/check-weight-shape.js';

/** How many inputs one output of a weight sees, and how many outputs one input reaches. */
export interface Fans {
  readonly fanIn: number;
  readonly fanOut: number;
}

/**
 * The fans of a weight's shape, as Keras counts them: `[inputs, outputs]` of a matrix; the channels times the receptive field for a
 * convolution's `[...field, inputs, outputs]`; the size itself for one dimension; 1 for a scalar. Throws `GS_INITIALIZER_SHAPE`.
 */
export function fans(shape: readonly number[]): Fans {
  checkWeightShape('initializers/fans', shape);
  if (shape.length === 0) return { fanIn: 1, fanOut: 1 };
  if (shape.length === 1) return { fanIn: shape[0]!, fanOut: shape[0]! };
  const field = shape.slice(0, -2).reduce((product, size) => product * size, 1);
  return { fanIn: shape.at(-2)! * field, fanOut: shape.at(-1)! * field };
}
