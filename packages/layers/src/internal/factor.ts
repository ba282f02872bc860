import { checkNumber, describeValue, GradstreamError } from '@gradstream/core';

/** A number, or the two ends of a range that numbers are drawn from. */
export type Factor = number | readonly [number, number];

/**
 * The range of a factor, the smaller end first: a pair as it is, a number f as [-f, f], cut off at the lower bound. Throws `GS_OPTION_VALUE` for what lies outside
 * the bounds.
 */
export function checkFactor(
  where: string,
  name: string,
  value: unknown,
  [least, most]: readonly [number, number],
  lowest: number = least,
): readonly [number, number] {
  if (Array.isArray(value)) {
    const [a, b] = checkPair(where, name, value);
    for (const end of [a, b]) checkNumber(where, name, end, { min: least, max: most });
    return [Math.min(a, b), Math.max(a, b)];
  }
  const factor = Math.abs(checkNumber(where, name, value, { min: least, max: most }));
  // `0 - factor` and not `-factor`: zero has no sign in a config.
  return [Math.max(0 - factor, lowest), factor];
}

/** Two finite numbers. Throws `GS_OPTION_VALUE` for anything else. */
export function checkPair(where: string, name: string, value: unknown): readonly [number, number] {
  if (Array.isArray(value) && value.length === 2) {
    return [checkNumber(where, name, value[0]), checkNumber(where, name, value[1])];
  }
  throw new GradstreamError('GS_OPTION_VALUE', {
    where,
    what: `The option "${name}" has a value that cannot be used`,
    expected: 'two numbers',
    received: describeValue(value),
    next: `Give "${name}" as [smallest, largest].`,
  });
}

/** The range of an image's values, the smaller end first. Throws `GS_OPTION_VALUE` for anything but two different numbers. */
export function checkValueRange(where: string, value: unknown = [0, 255]): readonly [number, number] {
  const [a, b] = checkPair(where, 'valueRange', value);
  if (a !== b) return [Math.min(a, b), Math.max(a, b)];
  throw new GradstreamError('GS_OPTION_VALUE', {
    where,
    what: 'The option "valueRange" is empty',
    expected: 'two different numbers',
    received: describeValue(value),
    next: 'Give the smallest and the largest value of an image, for example [0, 255].',
  });
}
