import { describeShape, describeValue, GradstreamError, type HostArray } from '@gradstream/core';
import type { Fields } from '@gradstream/datasets';
import { isHostArray } from './batch-tensors.js';
import type { OutputGoal } from './output-goal.js';

/**
 * A batch's sample weights in the order of the outputs: one array goes for all of them, a record for those that it names; undefined for outputs that nothing
 * weighs. Throws `GS_TRAIN_WEIGHTS` for another number of samples, other outputs, and weights that are not finite.
 */
export function orderedWeights(
  where: string,
  goals: readonly OutputGoal[],
  given: Fields | undefined,
  size: number,
): readonly (HostArray | undefined)[] {
  if (given === undefined) return goals.map(() => undefined);
  if (isHostArray(given)) {
    checkWeights(where, 'sampleWeight', given, size);
    return goals.map(() => given);
  }
  if (typeof given !== 'object' || given === null)
    throw refused(where, 'The sample weights cannot be used', 'an array, or a record by output', describeValue(given));
  const names = goals.map(({ name }) => name);
  const unknown = Object.keys(given).find((name) => !names.includes(name));
  if (unknown !== undefined)
    throw refused(
      where,
      'The sample weights name an output that the model does not have',
      names.join(', '),
      `"${unknown}"`,
    );
  return names.map((name) => {
    if (!Object.hasOwn(given, name)) return undefined;
    checkWeights(where, `sampleWeight.${name}`, given[name], size);
    return given[name];
  });
}

function checkWeights(where: string, name: string, array: unknown, size: number): asserts array is HostArray {
  if (!isHostArray(array) || array.shape[0] !== size) {
    const received = isHostArray(array) ? describeShape(array.shape) : describeValue(array);
    throw refused(where, `The array ${name} does not fit its batch`, `${size} rows, one a sample`, received);
  }
  const wrong = array.values.findIndex((value) => !Number.isFinite(value));
  if (wrong >= 0)
    throw refused(
      where,
      `The array ${name} has a weight that is no number`,
      'finite numbers',
      `${array.values[wrong]} at ${wrong}`,
    );
}

function refused(where: string, what: string, expected: string, received: string): GradstreamError {
  return new GradstreamError('GS_TRAIN_WEIGHTS', {
    where,
    what,
    expected,
    received,
    next: 'Give each sample one weight: an array [batch] beside x and y, or one for each output by name.',
  });
}
