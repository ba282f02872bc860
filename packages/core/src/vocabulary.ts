import { describeValue } from './describe-value.js';
import { GradstreamError } from './gradstream-error.js';

/** What a lookup of tokens by number is made of: words or whole numbers. */
export type Token = string | number;

/** Tokens in the order of Keras' lookups: the most frequent first, of equals the one with the larger text or number. */
export function rankTokens<T extends Token>(counts: ReadonlyMap<T, number>): T[] {
  return [...counts]
    .toSorted(([a, countOfA], [b, countOfB]) => countOfB - countOfA || compareTokens(b, a))
    .map(([token]) => token);
}

/** How much a token tells that so many of all documents have: `log(1 + documents / (1 + having))`. As Keras' lookups. */
export function inverseDocumentFrequency(documents: number, having: number): number {
  return Math.log(1 + documents / (1 + having));
}

/** The tokens of a vocabulary without the special ones, which may stand in front of it. Throws `GS_OPTION_VALUE` for one twice, or a special one elsewhere. */
export function ordinaryTokens<T extends Token>(
  where: string,
  vocabulary: readonly T[],
  special: readonly (T | null)[],
  forbidden: readonly T[],
): readonly T[] {
  const led = special.length > 0 && special.every((token, index) => vocabulary[index] === token);
  const tokens = led ? vocabulary.slice(special.length) : vocabulary;
  const seen = new Set<T>();
  const twice = tokens.find((token) => seen.size === seen.add(token).size);
  const misplaced = tokens.find((token) => forbidden.includes(token));
  const wrong = twice ?? misplaced;
  if (vocabulary.length > 0 && wrong === undefined) return tokens;
  throw new GradstreamError('GS_OPTION_VALUE', {
    where,
    what:
      wrong === undefined ? 'The vocabulary is empty' : `The vocabulary has ${describeValue(wrong)} in the wrong place`,
    expected: 'each token once, and those for masks and unknown ones in front or not at all',
    received: describeValue(vocabulary),
    next: 'Leave out what is there twice.',
  });
}

/** By number, or by the bytes of UTF-8, which are in the order of code points. */
function compareTokens(a: Token, b: Token): number {
  if (typeof a === 'number' || typeof b === 'number') return Number(a) - Number(b);
  const [left, right] = [[...a], [...b]];
  for (let index = 0; index < Math.min(left.length, right.length); index++) {
    const difference = left[index]!.codePointAt(0)! - right[index]!.codePointAt(0)!;
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}
