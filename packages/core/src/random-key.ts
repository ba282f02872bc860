import { GradstreamError } from './gradstream-error.js';
import { describeValue } from './describe-value.js';
import { philox4x32 } from './philox.js';

/** A key of the counter-based generator: two unsigned 32-bit words. Keys are values; nothing is consumed by using one. */
export interface RandomKey {
  readonly low: number;
  readonly high: number;
}

/** Third and fourth counter word of key derivation: no stream of numbers uses them, since a stream's step counter stays below 2^53. */
const DERIVE = 0xffffffff;

/** The key of a seed: any integer from 0 to 2^53 - 1. Throws `GS_OPTION_VALUE` for anything else. */
export function randomKey(seed: number): RandomKey {
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new GradstreamError('GS_OPTION_VALUE', {
      where: 'core/randomKey',
      what: 'The seed cannot be used',
      expected: 'an integer from 0 to 2^53 - 1',
      received: describeValue(seed),
      next: 'Pass such an integer, for example 42.',
    });
  }
  return { low: seed >>> 0, high: Math.floor(seed / 4294967296) };
}

/** A key derived from a key and a number or a name: equal inputs give equal keys, different ones unrelated keys. */
export function foldIn(key: RandomKey, data: number | string): RandomKey {
  const out = new Uint32Array(4);
  if (typeof data === 'number') {
    philox4x32(data >>> 0, Math.floor(data / 4294967296) >>> 0, DERIVE, DERIVE, key.low, key.high, out);
  } else {
    const [low, high] = hashName(data);
    philox4x32(low, high, DERIVE - 1, DERIVE, key.low, key.high, out);
  }
  return { low: out[0]!, high: out[1]! };
}

/** So many unrelated keys from one. */
export function splitKey(key: RandomKey, count: number): RandomKey[] {
  return Array.from({ length: count }, (_, index) => foldIn(key, index));
}

/** Two rounds of FNV-1a over UTF-16 code units: enough to tell names apart, mixed by Philox afterwards. */
function hashName(name: string): readonly [number, number] {
  let low = 0x811c9dc5;
  let high = 0x9747b28c;
  for (let index = 0; index < name.length; index++) {
    const unit = name.charCodeAt(index);
    low = Math.imul(low ^ unit, 0x01000193);
    high = Math.imul(high ^ unit, 0x85ebca6b);
    high ^= high >>> 13;
  }
  return [low >>> 0, (high ^ name.length) >>> 0];
}
