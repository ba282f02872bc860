import { describeValue, GradstreamError, type Json, type RandomKey } from '@gradstream/core';
import { tensor } from '@tensorflow/tfjs-core';
import type { Initializer } from '../initializer.js';
import { checkWeightShape } from './check-weight-shape.js';

/** What an initializer does apart from its checks: float32 numbers in row-major order for a shape. */
export type Values = (shape: readonly number[], key: RandomKey) => Float32Array;

/**
 * An initializer from numbers made on the host: the same numbers on every backend.
 *
 * The initializer throws `GS_INITIALIZER_SHAPE` for a shape with unknown sizes and `GS_INITIALIZER_KEY` where the key is missing.
 */
export function fromValues(type: string, config: Readonly<Record<string, Json>>, values: Values): Initializer {
  const where = `initializers/${type[0]!.toLowerCase()}${type.slice(1)}`;
  const initialize = (shape: readonly number[], key: RandomKey): ReturnType<Initializer> => {
    checkWeightShape(where, shape);
    checkKey(where, key);
    return tensor(values(shape, key), [...shape], 'float32');
  };
  return Object.assign(initialize, { config: { type, config } });
}

function checkKey(where: string, key: unknown): void {
  const { low, high } = (key ?? {}) as Partial<RandomKey>;
  if (Number.isInteger(low) && Number.isInteger(high)) return;
  throw new GradstreamError('GS_INITIALIZER_KEY', {
    where,
    what: 'There is no random key to take numbers from',
    expected: 'a key as the second argument',
    received: describeValue(key),
    next: 'Pass randomKey(seed) of @gradstream/core.',
  });
}
