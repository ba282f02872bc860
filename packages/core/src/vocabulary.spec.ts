import { describe, expect, it } from 'vitest';
import { inverseDocumentFrequency, ordinaryTokens, rankTokens } from './vocabulary.js';

describe('rankTokens', () => {
  it('puts the most frequent first, and the larger one of equals', () => {
    expect(
      rankTokens(
        new Map([
          ['a', 1],
          ['b', 3],
          ['c', 3],
          ['d', 2],
        ]),
      ),
    ).toEqual(['c', 'b', 'd', 'a']);
    expect(
      rankTokens(
        new Map([
          [9, 1],
          [10, 1],
          [-5, 2],
        ]),
      ),
    ).toEqual([-5, 10, 9]);
  });

  it('compares text by its bytes in UTF-8', () => {
    // In UTF-16 the second one is smaller.
    expect(
      rankTokens(
        new Map([
          ['\uFF5E', 1],
          ['\u{1F600}', 1],
          ['\uFF5Ea', 1],
        ]),
      ),
    ).toEqual(['\u{1F600}', '\uFF5Ea', '\uFF5E']);
  });
});

describe('ordinaryTokens', () => {
  it('takes the special ones off where they stand in front', () => {
    expect(ordinaryTokens('here', ['', '[UNK]', 'a'], ['', '[UNK]'], [''])).toEqual(['a']);
    expect(ordinaryTokens('here', ['a', 'b'], ['[UNK]'], [])).toEqual(['a', 'b']);
  });

  it.each([
    ['a token twice', ['a', 'b', 'a']],
    ['a special one elsewhere', ['a', '']],
    ['nothing', []],
  ])('refuses %s', (_, vocabulary) => {
    expect(() => ordinaryTokens('here', vocabulary, ['', '[UNK]'], [''])).toThrow(/GS_OPTION_VALUE/);
  });
});

it('gives rare tokens more weight', () => {
  expect(inverseDocumentFrequency(3, 1)).toBeCloseTo(Math.log(2.5));
});
