import { describeValue, GradstreamError } from '@gradstream/core';

/** A pattern for names: the keys that it needs, and the name for their values. */
export interface NamePattern {
  readonly keys: readonly string[];
  format(values: Readonly<Record<string, number>>): string;
}

interface Spec {
  readonly zeros: boolean;
  readonly width: number;
  readonly precision: number | undefined;
  readonly type: string;
}

/** Keys whose values are whole numbers. */
export const COUNTS: readonly string[] = ['epoch', 'batch', 'step'];
/** More than any number near 1 has; as many as JavaScript writes. */
const ALL_DIGITS = 100;
const LITERAL = /^[\w.=+ -]*$/;
const FIELD = /\{([^{}:]+)(?::(0?)([1-9]\d?)?(?:\.(\d\d?))?([def]?))?\}/g;

/**
 * Reads a pattern such as `{epoch:02d}-{val_loss:.2f}`: Python's formats `d`, `f` and `e` and none, with a width, leading zeros and a precision.
 *
 * What is around the fields are letters, digits and `._=+- `: a name, never a path. Throws `GS_OPTION_VALUE` for anything else.
 */
export function namePattern(where: string, pattern: unknown): NamePattern {
  if (typeof pattern !== 'string') throw badPattern(where, pattern, 'a text');
  const fields = [...pattern.matchAll(FIELD)].map(([text, key, zero, width, precision, type]) => ({
    text,
    key: key!,
    spec: {
      zeros: zero === '0',
      width: Number(width ?? 0),
      precision: precision === undefined ? undefined : Number(precision),
      type: type ?? '',
    },
  }));
  const literals = pattern.split(FIELD_SPLIT);
  if (pattern === '' || pattern.startsWith('.') || !literals.every((part) => LITERAL.test(part)))
    throw badPattern(where, pattern, 'letters, digits, "._=+- " and fields such as {epoch:02d}: a name, not a path');
  const wrong = fields.find(({ key, spec }) =>
    COUNTS.includes(key) ? spec.type === 'e' || spec.precision !== undefined : spec.type === 'd',
  );
  if (wrong !== undefined)
    throw badPattern(where, wrong.text, `d for ${COUNTS.join(', ')}, f or e with a precision for metrics`);
  return {
    keys: [...new Set(fields.map(({ key }) => key))],
    format: (values) =>
      literals
        .map((literal, index) => {
          const field = fields[index];
          return field === undefined
            ? literal
            : literal + formatted(values[field.key] ?? Number.NaN, field.key, field.spec);
        })
        .join(''),
  };
}

/** The same without groups: `split` would give their contents too. */
const FIELD_SPLIT = new RegExp(FIELD.source.replaceAll(/\((?!\?)/g, '(?:'), 'g');

function formatted(value: number, key: string, { zeros, width, precision, type }: Spec): string {
  const text = numberFormat(value, COUNTS.includes(key), precision, type);
  if (!zeros) return text.padStart(width);
  const sign = text.startsWith('-') ? '-' : '';
  return sign + text.slice(sign.length).padStart(width - sign.length, '0');
}

/** As Python writes numbers. */
function numberFormat(value: number, whole: boolean, precision: number | undefined, type: string): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf';
  if (type === 'f') return halfToEven(value.toFixed(precision ?? 6), value.toFixed(ALL_DIGITS));
  if (type === 'e') {
    const [digits, exponent] = value.toExponential(precision ?? 6).split('e') as [string, string];
    return `${halfToEven(digits, value.toExponential(ALL_DIGITS).split('e')[0]!)}e${exponent.replace(/^([+-])(\d)$/, '$10$2')}`;
  }
  if (precision !== undefined) return String(Number(value.toPrecision(precision || 1)));
  return whole || !Number.isInteger(value) ? String(value) : `${value}.0`;
}

/** Rounds a number that lies in the middle of two to the even one, as Python does; `exact` has all digits. JavaScript takes the larger one. */
function halfToEven(rounded: string, exact: string): string {
  const length = rounded.includes('.') ? rounded.length : rounded.length + 1;
  if (!/[13579]$/.test(rounded) || !/^50*$/.test(exact.slice(length))) return rounded;
  return exact.slice(0, rounded.length);
}

function badPattern(where: string, pattern: unknown, expected: string): GradstreamError {
  return new GradstreamError('GS_OPTION_VALUE', {
    where,
    what: 'The pattern for names cannot be used',
    expected,
    received: describeValue(pattern),
    next: 'Pass for example "{epoch:02d}-{val_loss:.2f}"; where checkpoints are kept is an option of fit.',
  });
}
