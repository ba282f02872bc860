import { describeValue, GradstreamError } from '@gradstream/core';
import type { GradientTransformation } from '../gradient-transformation.js';

/** True for what fits the interface of a gradient transformation. */
export function isPart(part: unknown): part is GradientTransformation {
  const candidate = part as Partial<GradientTransformation> | null | undefined;
  return typeof candidate?.init === 'function' && typeof candidate.update === 'function';
}

/** Throws `GS_OPTIMIZER_PART` for what is no gradient transformation. */
export function checkPart(
  where: string,
  part: unknown,
  name = 'The optimizer inside',
): asserts part is GradientTransformation {
  if (isPart(part)) return;
  throw new GradstreamError('GS_OPTIMIZER_PART', {
    where,
    what: `${name} is no gradient transformation`,
    expected: 'an object with init(params) and update(gradients, state, params)',
    received: describeValue(part),
    next:
      typeof part === 'function'
        ? 'Call it: the function gives the transformation.'
        : 'Pass the transformation itself.',
  });
}
