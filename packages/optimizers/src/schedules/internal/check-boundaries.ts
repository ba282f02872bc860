import { checkNumber, describeValue, GradstreamError } from '@gradstream/core';

/** Returns a list, or throws `GS_OPTION_VALUE`. */
export function checkList(where: string, name: string, value: unknown): readonly unknown[] {
  if (Array.isArray(value) && value.length > 0) return value;
  throw new GradstreamError('GS_OPTION_VALUE', {
    where,
    what: `The option "${name}" has a value that cannot be used`,
    expected: 'a list of at least one entry',
    received: describeValue(value),
    next: `Give "${name}" a list.`,
  });
}

/** Returns growing steps of at least 0, or throws `GS_OPTION_VALUE`. */
export function checkBoundaries(where: string, value: unknown): readonly number[] {
  const list = checkList(where, 'boundaries', value);
  return list.map((one, index) => {
    const min = index === 0 ? 0 : (list[index - 1] as number);
    return checkNumber(where, `boundaries[${index}]`, one, index === 0 ? { min } : { min, exclusive: 'min' });
  });
}
