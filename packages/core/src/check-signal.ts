import { describeValue } from './describe-value.js';
import { GradstreamError } from './gradstream-error.js';

/** Returns the option `signal`, or throws `GS_OPTION_VALUE` when it is given and no AbortSignal. */
export function checkSignal(where: string, signal: unknown): AbortSignal | undefined {
  if (signal === undefined) return undefined;
  const { aborted, addEventListener } = (signal ?? {}) as Partial<AbortSignal>;
  if (typeof aborted === 'boolean' && typeof addEventListener === 'function') return signal as AbortSignal;
  throw new GradstreamError('GS_OPTION_VALUE', {
    where,
    what: 'The option "signal" has a value that cannot be used',
    expected: 'an AbortSignal',
    received: describeValue(signal),
    next: 'Pass the signal of an AbortController: controller.signal.',
  });
}
