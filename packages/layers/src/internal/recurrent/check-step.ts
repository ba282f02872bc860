import { describeShape, GradstreamError, type Shape } from '@gradstream/core';
import { fits } from '../check-input.js';

/** The width of one step's input, `[batch, features]`. Throws `GS_LAYER_SHAPE` for another rank and for a width that is not known. */
export function stepWidth(where: string, shape: Shape): number {
  const features = shape[1];
  if (shape.length === 2 && typeof features === 'number') return features;
  throw new GradstreamError('GS_LAYER_SHAPE', {
    where,
    what: shape.length === 2 ? "The input's width is not known" : `One step's input has ${shape.length} dimensions`,
    expected: '[batch, features] with a known number of features',
    received: describeShape(shape),
    next:
      shape.length === 2 ? 'Give the last dimension a size.' : 'Flatten what belongs to one step into one dimension.',
  });
}

/** Throws `GS_LAYER_SHAPE` unless the states have the shapes that the layer carries, given without the batch. */
export function checkStates(
  where: string,
  given: readonly Shape[],
  batch: number | null,
  expected: readonly Shape[],
): void {
  expected.forEach((shape, index) => {
    const wanted = [batch, ...shape];
    const received = given[index];
    if (received !== undefined && fits(received, wanted)) return;
    throw new GradstreamError('GS_LAYER_SHAPE', {
      where,
      what: `State ${index} has a shape that the layer cannot carry`,
      expected: describeShape(wanted),
      received: received === undefined ? 'nothing' : describeShape(received),
      next: `Pass ${expected.length === 1 ? 'one state' : `${expected.length} states`} of this shape after the input.`,
    });
  });
}
