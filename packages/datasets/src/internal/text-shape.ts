import { describeValue, GradstreamError } from '@gradstream/core';
import type { Texts } from '../text/texts.js';

/** Texts of lists inside each other, in order, and the lists' sizes. Throws `GS_DATASET_TEXT` for what is no text, and for lists beside each other of different sizes. */
export function flattenTexts<T extends string | number>(
  where: string,
  texts: Texts<T>,
  kinds: readonly string[] = ['string'],
): { readonly shape: readonly number[]; readonly values: readonly T[] } {
  const shape: number[] = [];
  for (let inner: unknown = texts; Array.isArray(inner) && shape.length < 8; inner = inner[0]) shape.push(inner.length);
  const values: T[] = [];
  const fits = (part: unknown, depth: number): boolean => {
    if (depth < shape.length)
      return Array.isArray(part) && part.length === shape[depth] && part.every((inner) => fits(inner, depth + 1));
    values.push(part as T);
    return kinds.includes(typeof part) && (typeof part !== 'number' || Number.isSafeInteger(part));
  };
  if (fits(texts, 0)) return { shape, values };
  throw new GradstreamError('GS_DATASET_TEXT', {
    where,
    what: 'These are no texts',
    expected: kinds.includes('number')
      ? 'text or whole numbers, or lists of them of one size'
      : 'text, or lists of it of one size',
    received: describeValue(texts),
    next: 'Pass strings.',
  });
}
