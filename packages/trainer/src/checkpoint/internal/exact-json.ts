import type { Json } from '@gradstream/core';

/** What JSON has no number for, by the text that stands for it. */
const SPECIAL: Readonly<Record<string, number>> = { NaN, Infinity, '-Infinity': -Infinity, '-0': -0 };

/** JSON in which every number comes back to the bit: those that JSON lacks are written as `{ "$": "NaN" }`. */
export function toExactJson(value: Json): string {
  return JSON.stringify(value, (_, entry: unknown) => {
    if (typeof entry !== 'number' || (Number.isFinite(entry) && !Object.is(entry, -0))) return entry;
    return { $: Object.is(entry, -0) ? '-0' : String(entry) };
  });
}

/** The way back. Throws a SyntaxError for what is no JSON. */
export function fromExactJson(text: string): Json {
  return JSON.parse(text, (_, entry: unknown) => {
    if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) return entry;
    const special = (entry as { $?: unknown }).$;
    if (typeof special !== 'string' || Object.keys(entry).length !== 1) return entry;
    return Object.hasOwn(SPECIAL, special) ? SPECIAL[special] : entry;
  }) as Json;
}
