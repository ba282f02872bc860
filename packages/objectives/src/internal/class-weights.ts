import { checkNumber, describeValue, GradstreamError, type Shape } from '@gradstream/core';

/** A weight for all classes, or a list with one a class; throws `GS_OPTION_VALUE` for anything that is not from 0 on. */
export function checkClassWeights(where: string, name: string, value: unknown): number | readonly number[] {
  if (!Array.isArray(value)) return checkNumber(where, name, value, { min: 0 });
  if (value.length === 0) {
    throw new GradstreamError('GS_OPTION_VALUE', {
      where,
      what: `The option "${name}" has a value that cannot be used`,
      expected: 'a number, or a list with one number a class',
      received: describeValue(value),
      next: `Give "${name}" a number for each class, or leave it out.`,
    });
  }
  return value.map((weight) => checkNumber(where, name, weight, { min: 0 }));
}

/** Throws `GS_LOSS_SHAPE` where a list of weights does not have one for each class, the last axis. */
export function checkWeightCount(where: string, name: string, weights: number | readonly number[], shape: Shape): void {
  if (typeof weights === 'number' || shape.at(-1) === null || shape.at(-1) === weights.length) return;
  throw new GradstreamError('GS_LOSS_SHAPE', {
    where,
    what: `The option "${name}" has not as many weights as the output has classes`,
    expected: `${shape.at(-1)} weights`,
    received: `${weights.length}`,
    next: `Give "${name}" one number for each class.`,
  });
}
