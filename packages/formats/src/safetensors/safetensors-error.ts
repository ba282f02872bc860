import { GradstreamError, type ErrorCode } from '@gradstream/core';

/** An error of a file that is no whole safetensors file. */
export function safetensorsError(
  code: ErrorCode,
  what: string,
  expected: string,
  received: string,
  cause?: unknown,
): GradstreamError {
  return new GradstreamError(code, {
    where: 'formats/safetensors',
    what,
    expected,
    received,
    next: 'Check that this is a safetensors file and copy or write it again.',
    cause,
  });
}
