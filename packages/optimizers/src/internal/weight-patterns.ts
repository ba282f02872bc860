import { describeValue, GradstreamError, type Json } from '@gradstream/core';

/** Which weights are meant: by a predicate of the path, or by names: a text that stands anywhere in the path, or a regular expression. */
export type WeightPatterns = ((path: string) => boolean) | readonly (string | RegExp)[];

/** The predicate of some patterns. Throws `GS_OPTION_VALUE` for anything else. */
export function weightPredicate(where: string, name: string, patterns: unknown): (path: string) => boolean {
  if (typeof patterns === 'function') return (path) => patterns(path) === true;
  if (Array.isArray(patterns) && patterns.every((one) => (typeof one === 'string' && one !== '') || isRegExp(one))) {
    const tests = patterns.map((one: string | RegExp) => {
      if (typeof one === 'string') return (path: string) => path.includes(one);
      const pattern = stateless(one, one.source);
      return (path: string) => pattern.test(path);
    });
    return (path) => tests.some((test) => test(path));
  }
  throw new GradstreamError('GS_OPTION_VALUE', {
    where,
    what: `The option "${name}" has a value that cannot be used`,
    expected: 'a function from a weight path to true or false, or a list of texts and regular expressions',
    received: describeValue(patterns),
    next: 'Pass for example ["bias"] or (path) => path.endsWith("bias").',
  });
}

/** The patterns as JSON; undefined for a function, which no file can hold. */
export function patternsConfig(patterns: WeightPatterns): Json | undefined {
  if (typeof patterns === 'function') return undefined;
  return patterns.map((one) => (typeof one === 'string' ? one : { regex: one.source, flags: one.flags }));
}

/** The patterns as sources of regular expressions, as Python holds them; undefined for a function and for flags. */
export function patternSources(patterns: WeightPatterns): readonly string[] | undefined {
  if (typeof patterns === 'function') return undefined;
  if (patterns.some((one) => isRegExp(one) && one.flags !== '')) return undefined;
  return patterns.map((one) =>
    typeof one === 'string' ? one.replaceAll(/[$()*+.?[\\\]^{|}]/g, '\\$&') : sourceOf(one),
  );
}

/** The source of a regular expression without JavaScript's backslashes before slashes. */
export function sourceOf({ source }: RegExp): string {
  return source.replaceAll(/\\(.)/g, (pair: string, letter: string) => (letter === '/' ? letter : pair));
}

/** The patterns that `patternsConfig` wrote down; anything else is given back for the check of the option to refuse. */
export function patternsFrom(config: Json): unknown {
  if (!Array.isArray(config)) return config;
  return config.map((one: Json) => {
    const pattern = one as { readonly regex?: unknown; readonly flags?: unknown } | null;
    return typeof pattern?.regex === 'string' ? regExp(pattern.regex, pattern.flags) : one;
  });
}

/** Says whether a whole text fits, as `re.fullmatch` of Python. */
export function fullMatcher(pattern: RegExp): (text: string) => boolean {
  const whole = stateless(pattern, `^(?:${pattern.source})$`);
  return (text) => whole.test(text);
}

/** A regular expression of a config. Throws `GS_OPTION_VALUE` for text that is none. */
export function regExp(source: string, flags?: unknown): RegExp {
  try {
    return new RegExp(source, typeof flags === 'string' ? flags : '');
  } catch (cause) {
    throw new GradstreamError('GS_OPTION_VALUE', {
      where: 'optimizers/optimizer',
      what: 'A pattern of the config is no regular expression',
      expected: 'the source of a regular expression',
      received: describeValue(source),
      next: 'Mend the pattern.',
      cause,
    });
  }
}

export const isRegExp = (value: unknown): value is RegExp => value instanceof RegExp;

/** A pattern with the flag g or y remembers where it stopped, and one with m takes the end of a line for the end. */
function stateless({ flags }: RegExp, source: string): RegExp {
  return new RegExp(source, flags.replaceAll(/[gmy]/g, ''));
}
