import { checkChoice, checkNumber, checkOptions, GradstreamError, type HostArray } from '@gradstream/core';
import { farmHash64, joinFingerprints } from '../internal/farm-hash.js';
import { encodePlaces } from '../internal/host-encode.js';
import { flattenTexts } from '../internal/text-shape.js';
import type { Texts } from './texts.js';

/** Options of `textCrossing`. */
export interface TextCrossingOptions {
  /** The bins' numbers (default), or a vector with a one for each. */
  readonly outputMode?: 'int' | 'oneHot';
}

/**
 * A function that puts the texts or whole numbers of several features together into `numBins` bins by one hash: lists of one size, int32 of that size.
 *
 * The bins of Keras' HashedCrossing, without TensorFlow. Throws `GS_DATASET_TEXT` for fewer than two lists, and for lists of different sizes.
 */
export function textCrossing(
  numBins: number,
  options: TextCrossingOptions = {},
): (features: readonly Texts<string | number>[]) => HostArray<'int32' | 'float32'> {
  const where = 'datasets/textCrossing';
  checkNumber(where, 'numBins', numBins, { min: 1, max: 2 ** 31 - 1, integer: true });
  checkOptions(where, options, ['outputMode']);
  const mode = checkChoice(where, 'outputMode', options.outputMode ?? 'int', ['int', 'oneHot']);
  const encoder = new TextEncoder();
  const fingerprint = (value: string | number): bigint =>
    typeof value === 'number' ? BigInt.asUintN(64, BigInt(value)) : farmHash64(encoder.encode(value));
  return (features) => {
    const lists = features.map((feature) => flattenTexts(where, feature, ['string', 'number']));
    const [first] = lists;
    if (lists.length < 2 || lists.some(({ shape }) => shape.join() !== first!.shape.join()))
      throw misfit(where, lists.map(({ shape }) => `[${shape.join(', ')}]`).join(' and ') || 'none');
    const places = first!.values.map((_, index) => {
      const hash = lists.reduce((sum, { values }) => joinFingerprints(sum, fingerprint(values[index]!)), 0xdecafcaffen);
      return Number(hash % BigInt(numBins));
    });
    return encodePlaces(places, first!.shape, mode, numBins);
  };
}

function misfit(where: string, received: string): GradstreamError {
  return new GradstreamError('GS_DATASET_TEXT', {
    where,
    what: 'The features cannot be crossed',
    expected: 'two or more lists of one size',
    received,
    next: 'Give a value of each feature for each example.',
  });
}
