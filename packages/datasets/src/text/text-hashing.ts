import {
  checkChoice,
  checkNumber,
  checkOptions,
  describeValue,
  GradstreamError,
  type HostArray,
} from '@gradstream/core';
import { farmHash64 } from '../internal/farm-hash.js';
import { encodePlaces } from '../internal/host-encode.js';
import { sipHash64 } from '../internal/sip-hash.js';
import { flattenTexts } from '../internal/text-shape.js';
import type { Texts } from './texts.js';

/** Options of `textHashing`. */
export interface TextHashingOptions {
  /** A text that has bin 0 for itself. Default: none. */
  readonly maskValue?: string | number;
  /** Makes the hash one's own: SipHash with this key instead of FarmHash. */
  readonly salt?: number | readonly [number, number];
  /** The bins' numbers (default), a vector with a one for each, or for each row. */
  readonly outputMode?: 'int' | 'oneHot' | 'multiHot' | 'count';
}

/**
 * A function that puts texts into `numBins` bins by their hash: int32 of the texts' shape. Whole numbers are hashed as their decimal text.
 *
 * The bins of Keras' Hashing, without TensorFlow: FarmHash64 of the UTF-8 bytes, or SipHash-2-4 with `salt`. Throws `GS_DATASET_TEXT` for what is no text.
 */
export function textHashing(
  numBins: number,
  options: TextHashingOptions = {},
): (texts: Texts<string | number>) => HostArray<'int32' | 'float32'> {
  const where = 'datasets/textHashing';
  checkNumber(where, 'numBins', numBins, { min: 1, max: 2 ** 31 - 1, integer: true });
  checkOptions(where, options, ['maskValue', 'salt', 'outputMode']);
  const { maskValue } = options;
  const mode = checkChoice(where, 'outputMode', options.outputMode ?? 'int', ['int', 'oneHot', 'multiHot', 'count']);
  const hash = hashOf(where, options.salt);
  const masked = maskValue !== undefined && numBins > 1;
  const bins = BigInt(masked ? numBins - 1 : numBins);
  return (texts) => {
    const { shape, values } = flattenTexts(where, texts, ['string', 'number']);
    const places = values.map((text) => {
      if (masked && text === maskValue) return 0;
      return Number(hash(String(text)) % bins) + (masked ? 1 : 0);
    });
    return encodePlaces(places, shape, mode, numBins);
  };
}

/** The hash of texts by their UTF-8 bytes, with a salt or without. */
export function hashOf(where: string, salt: unknown): (text: string) => bigint {
  const encoder = new TextEncoder();
  if (salt === undefined || salt === null) return (text) => farmHash64(encoder.encode(text));
  const pair: readonly unknown[] = Array.isArray(salt) ? salt : [salt, salt];
  if (pair.length === 2 && pair.every((one) => Number.isSafeInteger(one))) {
    const key = pair.map((one) => BigInt.asUintN(64, BigInt(one as number))) as [bigint, bigint];
    return (text) => sipHash64(encoder.encode(text), key);
  }
  throw new GradstreamError('GS_OPTION_VALUE', {
    where,
    what: 'The option "salt" has a value that cannot be used',
    expected: 'a whole number, or two',
    received: describeValue(salt),
    next: 'Give such numbers, or leave it out.',
  });
}
