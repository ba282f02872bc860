import { describe, expect, it } from 'vitest';
import numbers from '../../fixtures/texts.json' with { type: 'json' };
import { adaptStringLookup } from './adapt-string-lookup.js';
import { stringLookup, type StringLookupOptions } from './string-lookup.js';
import { textCrossing } from './text-crossing.js';
import { textHashing } from './text-hashing.js';
import { adaptTextVectorization, textVectorization, type TextVectorizationOptions } from './text-vectorization.js';

const { texts, whole, hashing, masked, crosses } = numbers.hashes;
const close = (
  received: { shape: readonly number[]; values: ArrayLike<number> },
  expected: { shape: number[]; values: number[] },
): void => {
  expect(received.shape).toEqual(expected.shape);
  Array.from(received.values).forEach((value, index) => expect(value).toBeCloseTo(expected.values[index]!, 5));
};

describe('hashes of Keras', () => {
  it.each(hashing.map(({ numBins, salt, bins }) => [numBins, salt, bins] as const))(
    '%d bins, salt %j',
    (numBins, salt, bins) => {
      const hash = textHashing(numBins, salt === null ? {} : { salt: salt as number });
      expect([...hash(texts).values]).toEqual(bins);
    },
  );

  it('keeps a bin for a mask', () => {
    expect([...textHashing(3, { maskValue: '' })(texts).values]).toEqual(masked);
  });

  it.each(crosses)('crosses into $numBins bins', ({ numBins, texts: both, mixed }) => {
    const cross = textCrossing(numBins);
    expect([...cross([texts, texts.toReversed()]).values]).toEqual(both);
    expect([...cross([texts, whole]).values]).toEqual(mixed);
  });

  it('hashes whole numbers as their text, in any form', () => {
    expect(textHashing(9)([[12], [-7]])).toEqual(textHashing(9)([['12'], ['-7']]));
    expect(textHashing(4, { outputMode: 'oneHot' })([['a'], ['b']]).shape).toEqual([2, 4]);
  });

  it.each([
    ['no text', () => textHashing(3)([null] as never)],
    ['lists of different sizes', () => textHashing(3)([['a'], ['b', 'c']])],
    ['half a number', () => textHashing(3)(0.5)],
    ['one feature', () => textCrossing(3)([['a']])],
    ['features of different sizes', () => textCrossing(3)([['a'], ['b', 'c']])],
    ['an unknown word', () => stringLookup({ vocabulary: ['a'], numOovIndices: 0 }).apply(['b'])],
  ])('refuses %s', (_, run) => {
    expect(run).toThrow(/GS_DATASET_TEXT/);
  });

  it.each([
    ['a salt that is none', () => textHashing(3, { salt: 'x' as never })],
    ['no bins', () => textHashing(0)],
    ['a word twice', () => stringLookup({ vocabulary: ['a', 'a'] })],
    ['no vocabulary', () => stringLookup({})],
    ['weights without tfIdf', () => stringLookup({ vocabulary: ['a'], idfWeights: [1] })],
    ['too many words', () => stringLookup({ vocabulary: ['a', 'b', 'c'], maxTokens: 3 })],
    ['padding to nothing', () => stringLookup({ vocabulary: ['a'], padToMaxTokens: true })],
    ['groups of none', () => textVectorization({ vocabulary: ['a'], ngrams: 0 })],
    ['another split', () => textVectorization({ vocabulary: ['a'], split: 'words' as never })],
    [
      'a length of vectors',
      () => textVectorization({ vocabulary: ['a'], outputMode: 'count', outputSequenceLength: 3 }),
    ],
  ])('refuses %s', (_, define) => {
    expect(define).toThrow(/GS_OPTION_/);
  });
});

describe('lookups of Keras', () => {
  it.each(numbers.lookups.given.map((one) => [JSON.stringify(one.options), one] as const))('%s', (_, one) => {
    const lookup = stringLookup(one.options as unknown as StringLookupOptions);
    close(lookup.apply(one.texts), one.output);
    expect(lookup.vocabulary).toEqual(one.vocabulary);
    expect(stringLookup(lookup.toConfig().config as StringLookupOptions).toConfig()).toEqual(lookup.toConfig());
  });

  it.each(numbers.lookups.learned.map((one) => [JSON.stringify(one.options), one] as const))(
    'learned: %s',
    async (_, one) => {
      const lookup = await adaptStringLookup(one.documents, one.options as StringLookupOptions);
      expect(lookup.vocabulary).toEqual(one.vocabulary);
      close(lookup.apply(one.texts), one.output);
    },
  );

  it('gives words back', () => {
    const lookup = stringLookup({ vocabulary: ['a', 'b'] });
    expect(lookup.texts(lookup.apply(['b', 'x', 'a']).values)).toEqual(['b', '[UNK]', 'a']);
  });

  it('refuses documents without words', async () => {
    await expect(adaptStringLookup([])).rejects.toThrow(/GS_DATASET_TEXT/);
  });
});

describe('tokens of Keras', () => {
  it.each(numbers.vectorizations.map((one) => [JSON.stringify(one.options), one] as const))('%s', async (_, one) => {
    const vectorization = await adaptTextVectorization(one.texts, one.options as TextVectorizationOptions);
    expect(vectorization.vocabulary).toEqual(one.vocabulary);
    close(vectorization.apply(one.asked), one.output);
    const again = textVectorization(vectorization.toConfig().config as TextVectorizationOptions);
    expect(again.apply(one.asked)).toEqual(vectorization.apply(one.asked));
  });

  it('takes functions, which no config holds', () => {
    const vectorization = textVectorization({ vocabulary: ['b'], standardize: null, split: (text) => text.split('-') });
    expect([...vectorization.apply(['a-b']).values]).toEqual([1, 2]);
    expect(() => vectorization.toConfig()).toThrow(/GS_DATASET_CONFIG/);
  });
});
