import { describeValue, GradstreamError } from '@gradstream/core';

/** Throws `GS_OPTION_VALUE` unless the value is a function. */
export function checkFunction(where: string, name: string, value: unknown): void {
  if (typeof value === 'function') return;
  throw new GradstreamError('GS_OPTION_VALUE', {
    where,
    what: `The argument "${name}" cannot be called`,
    expected: 'a function',
    received: describeValue(value),
    next: `Pass a function as "${name}".`,
  });
}
