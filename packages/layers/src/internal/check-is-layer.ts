import { describeValue, GradstreamError } from '@gradstream/core';
import type { Layer } from '../layer.js';

/** True for anything that can be used as a layer. */
export function isLayer(value: unknown): value is Layer {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof (value as Layer).build === 'function' &&
    typeof (value as Layer).call === 'function'
  );
}

/** Throws `GS_MODEL_LAYERS` unless the value is a layer. */
export function checkIsLayer(where: string, value: unknown): asserts value is Layer {
  if (isLayer(value)) return;
  throw new GradstreamError('GS_MODEL_LAYERS', {
    where,
    what: 'This is no layer',
    expected: 'a layer',
    received: describeValue(value),
    next:
      typeof value === 'function'
        ? 'Call the factory: dense(10) instead of dense.'
        : 'Pass a layer, for example dense(10).',
  });
}
