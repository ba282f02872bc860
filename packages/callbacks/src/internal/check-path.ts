import { describeValue, GradstreamError } from '@gradstream/core';

/** Returns a path that was given first, or throws `GS_OPTION_VALUE`. */
export function checkPath(where: string, path: unknown, example: string): string {
  if (typeof path === 'string' && path !== '' && !path.includes('\0')) return path;
  throw new GradstreamError('GS_OPTION_VALUE', {
    where,
    what: 'The file cannot be used',
    expected: 'a path',
    received: describeValue(path),
    next: `Pass it first: ${example}.`,
  });
}
