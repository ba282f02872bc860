import { describeValue, GradstreamError } from '@gradstream/core';

/** What is added or taken at the two ends of each dimension. */
export type Ends = readonly (readonly [number, number])[];

/**
 * Amounts at both ends of `rank` dimensions: one number for all, a list with a number a dimension, or with a pair a dimension. A single pair
 * is the two ends where there is one dimension. Throws `GS_OPTION_VALUE` for anything else.
 */
export function bothEnds(where: string, name: string, value: unknown, rank: number): Ends {
  const whole = (amount: unknown): amount is number => Number.isSafeInteger(amount) && (amount as number) >= 0;
  const pair = (entry: unknown): entry is [number, number] =>
    Array.isArray(entry) && entry.length === 2 && entry.every(whole);
  if (whole(value)) return Array.from({ length: rank }, () => [value, value] as const);
  if (rank === 1 && pair(value)) return [value];
  if (Array.isArray(value) && value.length === rank) {
    if (value.every(whole)) return (value as number[]).map((amount) => [amount, amount] as const);
    if (value.every(pair)) return value as Ends;
  }
  throw refused(
    where,
    name,
    `a whole number, or ${rank === 1 ? 'a pair of them' : `a list of ${rank} whole numbers or pairs`}`,
    value,
  );
}

/** A positive whole number for each of `rank` dimensions: one for all, or a list. Throws `GS_OPTION_VALUE` for anything else. */
export function eachSize(where: string, name: string, value: unknown, rank: number): readonly number[] {
  const whole = (size: unknown): size is number => Number.isSafeInteger(size) && (size as number) > 0;
  if (whole(value)) return Array.from({ length: rank }, () => value);
  if (Array.isArray(value) && value.length === rank && value.every(whole)) return value as number[];
  throw refused(where, name, `a positive whole number, or a list of ${rank}`, value);
}

/** Throws `GS_OPTION_VALUE` for `channelsFirst`: layers compute with the channels last. */
export function checkChannelsLast(where: string, value: unknown): 'channelsLast' {
  if (value === undefined || value === 'channelsLast') return 'channelsLast';
  throw new GradstreamError('GS_OPTION_VALUE', {
    where,
    what: 'The option "dataFormat" has a value that cannot be used',
    expected: '"channelsLast"',
    received: describeValue(value),
    next: 'Bring the channels to the end first: permute([2, 3, 1]) for images.',
  });
}

function refused(where: string, name: string, expected: string, value: unknown): GradstreamError {
  return new GradstreamError('GS_OPTION_VALUE', {
    where,
    what: `The option "${name}" has a value that cannot be used`,
    expected,
    received: describeValue(value),
    next: `Give "${name}" one of these.`,
  });
}
