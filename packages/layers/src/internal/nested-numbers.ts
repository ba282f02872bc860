import { describeValue, GradstreamError } from '@gradstream/core';

/** A number, or lists of numbers inside each other. */
export type NestedNumbers = number | readonly NestedNumbers[];

/** Numbers of lists inside each other, in order, and the lists' sizes. Throws `GS_OPTION_VALUE` unless all are finite and lists beside each other of one size. */
export function nestedNumbers(
  where: string,
  name: string,
  value: unknown,
): { readonly shape: readonly number[]; readonly values: readonly number[] } {
  const shape: number[] = [];
  for (let inner: unknown = value; Array.isArray(inner) && shape.length < 8; inner = inner[0]) shape.push(inner.length);
  const values: number[] = [];
  const fits = (part: unknown, depth: number): boolean => {
    if (depth < shape.length)
      return Array.isArray(part) && part.length === shape[depth] && part.every((inner) => fits(inner, depth + 1));
    if (typeof part !== 'number' || !Number.isFinite(part)) return false;
    values.push(part);
    return true;
  };
  if (!shape.includes(0) && fits(value, 0)) return { shape, values };
  throw new GradstreamError('GS_OPTION_VALUE', {
    where,
    what: `The option "${name}" has a value that cannot be used`,
    expected: 'a finite number, or lists of them of one size',
    received: describeValue(value),
    next: `Give "${name}" such numbers.`,
  });
}
