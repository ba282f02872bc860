import { checkChoice, describeValue, GradstreamError } from '@gradstream/core';

/** How texts are made alike, cut into tokens and joined to groups. */
export interface TokenOptions {
  /** Small letters (A to Z alone) without ASCII punctuation by default; one of the two, a function, or nothing (null). */
  readonly standardize?: 'lowerAndStripPunctuation' | 'lower' | 'stripPunctuation' | ((text: string) => string) | null;
  /** At ASCII white space by default, into characters, by a function, or not at all (null). */
  readonly split?: 'whitespace' | 'character' | ((text: string) => readonly string[]) | null;
  /** Tokens in groups: up to so many, or of these sizes. Default: single ones. */
  readonly ngrams?: number | readonly number[] | null;
}

const PUNCTUATION = /[!"#$%&()*+,\-./:;<=>?@[\\\]^_`{|}~']/g;

/** The tokens of texts. Throws `GS_OPTION_VALUE` for what is no way to find them. */
export function tokenizer(where: string, { standardize, split, ngrams }: TokenOptions): (text: string) => string[] {
  const alike = standardizer(where, standardize === undefined ? 'lowerAndStripPunctuation' : standardize);
  const parts = splitter(where, split === undefined ? 'whitespace' : split);
  const sizes = groupSizes(where, ngrams);
  return (text) => {
    const tokens = [...parts(alike(text))];
    if (sizes === undefined) return tokens;
    return sizes.flatMap((size) =>
      Array.from({ length: Math.max(tokens.length - size + 1, 0) }, (_, at) => tokens.slice(at, at + size).join(' ')),
    );
  };
}

function standardizer(where: string, value: TokenOptions['standardize']): (text: string) => string {
  if (value === null) return (text) => text;
  if (typeof value === 'function') return value;
  const how = checkChoice(where, 'standardize', value, ['lowerAndStripPunctuation', 'lower', 'stripPunctuation']);
  const lower = (text: string): string => text.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase());
  const strip = (text: string): string => text.replaceAll(PUNCTUATION, '');
  return how === 'lower' ? lower : how === 'stripPunctuation' ? strip : (text) => strip(lower(text));
}

function splitter(where: string, value: TokenOptions['split']): (text: string) => readonly string[] {
  if (value === null) return (text) => [text];
  if (typeof value === 'function') return value;
  const how = checkChoice(where, 'split', value, ['whitespace', 'character']);
  return how === 'character'
    ? (text) => [...text]
    : (text) => text.split(/[ \t\n\v\f\r]+/).filter((token) => token !== '');
}

function groupSizes(where: string, value: unknown): readonly number[] | undefined {
  if (value === undefined || value === null) return undefined;
  const whole = (size: unknown): size is number => Number.isSafeInteger(size) && (size as number) > 0;
  if (whole(value)) return Array.from({ length: value }, (_, index) => index + 1);
  if (Array.isArray(value) && value.length > 0 && value.every(whole)) return value;
  throw new GradstreamError('GS_OPTION_VALUE', {
    where,
    what: 'The option "ngrams" has a value that cannot be used',
    expected: 'a positive whole number, or a list of them',
    received: describeValue(value),
    next: 'Give the largest size of groups, or all sizes.',
  });
}
