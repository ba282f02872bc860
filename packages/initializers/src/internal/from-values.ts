import { describeValue, GradstreamError, randomKey, type Json, type RandomKey } from '@gradstream/core';
import { tensor } from '@tensorflow/tfjs-core';
import type { Initializer } from '../initializer.js';
import { checkWeightShape } from './check-weight-shape.js';

/** What an initializer does apart from its checks: float32 numbers in row-major order for a shape. */
export type Values = (shape: readonly number[], key: RandomKey) => Float32Array;

/** What an initializer of random numbers keeps in its config: its options and the seed. */
export type SeededConfig = Readonly<Record<string, Json>> & { readonly seed: number | null };

/**
 * An initializer from numbers made on the host: the same numbers on every backend.
 *
 * With a seed in its config the numbers come from the seed, else from the key. The initializer throws `GS_INITIALIZER_SHAPE` for a shape with unknown
 * sizes and `GS_INITIALIZER_KEY` where there is neither.
 */
export function fromValues(type: string, config: SeededConfig, values: Values): Initializer {
  const where = `initializers/${type[0]!.toLowerCase()}${type.slice(1)}`;
  const own = config.seed === null ? undefined : randomKey(config.seed);
  const initialize = (shape: readonly number[], key: RandomKey): ReturnType<Initializer> => {
    checkWeightShape(where, shape);
    if (own === undefined) checkKey(where, key);
    return tensor(values(shape, own ?? key), [...shape], 'float32');
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
