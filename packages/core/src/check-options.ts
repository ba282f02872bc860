import { describeValue } from './describe-value.js';
import { GradstreamError } from './gradstream-error.js';
import { suggest } from './suggest.js';

/**
 * Refuses an options object that is not one, or that has a name nobody reads: a misspelt option is an error, never ignored.
 *
 * Throws `GS_OPTION_TYPE` for something that is no plain object and `GS_OPTION_UNKNOWN` for an unknown name.
 */
export function checkOptions(where: string, options: unknown, known: readonly string[]): void {
  if (options === undefined) return;
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new GradstreamError('GS_OPTION_TYPE', {
      where,
      what: 'The options are not an object',
      expected: `an object with any of ${known.join(', ')}`,
      received: describeValue(options),
      next: 'Pass the options as { name: value }.',
    });
  }
  for (const name of Object.keys(options)) {
    if (known.includes(name)) continue;
    const near = suggest(name, known);
    throw new GradstreamError('GS_OPTION_UNKNOWN', {
      where,
      what: `There is no option "${name}"`,
      expected: known.length > 0 ? `any of ${known.join(', ')}` : 'no options',
      received: `"${name}"`,
      next: near === undefined ? 'Remove it.' : `Did you mean "${near}"?`,
    });
  }
}

/** What a number option has to be. Bounds are inclusive unless `exclusive` says otherwise. */
export interface NumberRange {
  readonly min?: number;
  readonly max?: number;
  readonly integer?: boolean;
  /** Bounds that are not allowed themselves. */
  readonly exclusive?: 'min' | 'max' | 'both';
}

/** Returns a number option, or throws `GS_OPTION_VALUE` when it is no finite number inside its range. */
export function checkNumber(where: string, name: string, value: unknown, range: NumberRange = {}): number {
  const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY, integer = false, exclusive } = range;
  const aboveMin = exclusive === 'min' || exclusive === 'both' ? (v: number) => v > min : (v: number) => v >= min;
  const belowMax = exclusive === 'max' || exclusive === 'both' ? (v: number) => v < max : (v: number) => v <= max;
  if (
    typeof value === 'number' &&
    Number.isFinite(value) &&
    (!integer || Number.isInteger(value)) &&
    aboveMin(value) &&
    belowMax(value)
  ) {
    return value;
  }
  const bounds: string[] = [];
  if (min !== Number.NEGATIVE_INFINITY) bounds.push(aboveMin(min) ? `at least ${min}` : `above ${min}`);
  if (max !== Number.POSITIVE_INFINITY) bounds.push(belowMax(max) ? `at most ${max}` : `below ${max}`);
  throw new GradstreamError('GS_OPTION_VALUE', {
    where,
    what: `The option "${name}" has a value that cannot be used`,
    expected: [integer ? 'an integer' : 'a finite number', ...bounds].join(' '),
    received: describeValue(value),
    next: `Give "${name}" such a number, or leave it out.`,
  });
}

/** Returns one of a closed list of values, or throws `GS_OPTION_VALUE` with the nearest one. */
export function checkChoice<T extends string>(where: string, name: string, value: unknown, choices: readonly T[]): T {
  if (choices.includes(value as T)) return value as T;
  const near = typeof value === 'string' ? suggest(value, choices) : undefined;
  throw new GradstreamError('GS_OPTION_VALUE', {
    where,
    what: `The option "${name}" has a value that cannot be used`,
    expected: `one of ${choices.map((choice) => `"${choice}"`).join(', ')}`,
    received: describeValue(value),
    next: near === undefined ? `Choose one of these for "${name}".` : `Did you mean "${near}"?`,
  });
}

/** Returns true or false, or throws `GS_OPTION_VALUE`. */
export function checkBoolean(where: string, name: string, value: unknown): boolean {
  if (typeof value === 'boolean') return value;
  throw new GradstreamError('GS_OPTION_VALUE', {
    where,
    what: `The option "${name}" has a value that cannot be used`,
    expected: 'true or false',
    received: describeValue(value),
    next: `Give "${name}" one of these, or leave it out.`,
  });
}

/** Throws `GS_OPTION_VALUE` unless the value is a function. */
export function checkFunction(where: string, name: string, value: unknown): void {
  if (typeof value === 'function') return;
  throw new GradstreamError('GS_OPTION_VALUE', {
    where,
    what: `The argument "${name}" cannot be called`,
    expected: 'a function',
    received: describeValue(value),
    next: `Pass a function as "${name}".`,
  });
}

/** Returns a seed, a whole number from 0 to 2^53 - 1, or undefined where none was given. Throws `GS_OPTION_VALUE` for anything else. */
export function checkSeed(where: string, seed: unknown): number | undefined {
  return seed === undefined
    ? undefined
    : checkNumber(where, 'seed', seed, { min: 0, max: Number.MAX_SAFE_INTEGER, integer: true });
}
