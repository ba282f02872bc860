import { checkNumber, checkOptions, describeValue, GradstreamError } from '@gradstream/core';

/** Refuses unknown options, and gives the name that the metric will have. */
export function checkMetricOptions(
  where: string,
  options: { readonly name?: string } | undefined,
  known: readonly string[],
): string {
  // Options may be left out only where the factory has a default for them.
  checkOptions(where, options ?? null, [...known, 'name']);
  const name: unknown = options?.name ?? where.slice(where.lastIndexOf('/') + 1);
  if (typeof name === 'string' && name !== '') return name;
  throw badOption(where, 'name', 'a string that is not empty', name);
}

/** Returns an integer of at least `min`, or null for one that is left out. */
export function checkOptionalInteger(where: string, name: string, value: unknown, min: number): number | null {
  return value === undefined || value === null ? null : checkNumber(where, name, value, { min, integer: true });
}

/** Returns a list of numbers of a range, at least one, or throws `GS_OPTION_VALUE`. */
export function checkNumbers(
  where: string,
  name: string,
  values: unknown,
  range: { readonly min?: number; readonly max?: number; readonly integer?: boolean },
): readonly number[] {
  if (!Array.isArray(values) || values.length === 0)
    throw badOption(where, name, 'a list with at least one number', values);
  return values.map((value, index) => checkNumber(where, `${name}[${index}]`, value, range));
}

/** The error for an option with a value that cannot be used. */
export function badOption(where: string, name: string, expected: string, received: unknown): GradstreamError {
  return new GradstreamError('GS_OPTION_VALUE', {
    where,
    what: `The option "${name}" has a value that cannot be used`,
    expected,
    received: describeValue(received),
    next: `Give "${name}" such a value, or leave it out.`,
  });
}
