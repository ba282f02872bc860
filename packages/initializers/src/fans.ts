import { describeShape, describeValue, GradstreamError } from '@gradstream/core';
import { checkWeightShape } from './internal/check-weight-shape.js';

/** How many inputs one output of a weight sees, and how many outputs one input reaches. */
export interface Fans {
  readonly fanIn: number;
  readonly fanOut: number;
}

/** Options of `fans`: both or none. */
export interface FansOptions {
  /** The axes whose sizes make the inputs; those counted from the end are negative. Default null: by the shape alone. */
  readonly inputAxes?: readonly number[] | null;
  /** The axes whose sizes make the outputs. */
  readonly outputAxes?: readonly number[] | null;
}

/**
 * The fans of a weight's shape, as Keras counts them: `[inputs, outputs]` of a matrix; the channels times the receptive field for a
 * convolution's `[...field, inputs, outputs]`; the size itself for one dimension; 1 for a scalar. With axes, the products of their sizes.
 * Throws `GS_INITIALIZER_SHAPE`, also where the weight lacks an axis.
 */
export function fans(shape: readonly number[], { inputAxes, outputAxes }: FansOptions = {}): Fans {
  checkWeightShape('initializers/fans', shape);
  if (inputAxes && outputAxes) return { fanIn: along(shape, inputAxes), fanOut: along(shape, outputAxes) };
  if (shape.length === 0) return { fanIn: 1, fanOut: 1 };
  if (shape.length === 1) return { fanIn: shape[0]!, fanOut: shape[0]! };
  const field = shape.slice(0, -2).reduce((product, size) => product * size, 1);
  return { fanIn: shape.at(-2)! * field, fanOut: shape.at(-1)! * field };
}

function along(shape: readonly number[], axes: readonly number[]): number {
  return axes.reduce((product, axis) => {
    const size = axis >= -shape.length ? shape.at(axis) : undefined;
    if (size !== undefined) return product * size;
    throw new GradstreamError('GS_INITIALIZER_SHAPE', {
      where: 'initializers/fans',
      what: 'The weight does not have the axes that its fans are counted along',
      expected: `axes of the shape ${describeShape(shape)}`,
      received: describeValue(axes),
      next: 'Choose axes that the weight has, or leave them out.',
    });
  }, 1);
}
