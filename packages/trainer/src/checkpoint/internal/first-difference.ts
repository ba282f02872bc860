import type { Json } from '@gradstream/core';

/** A place where two descriptions differ; undefined stands for nothing there. */
export interface Difference {
  readonly path: string;
  readonly saved: Json | undefined;
  readonly given: Json | undefined;
}

/** The first place where two descriptions differ, in the order of the given one, or null. */
export function firstDifference(saved: Json | undefined, given: Json | undefined, path = ''): Difference | null {
  if (isList(saved) && isList(given)) {
    for (let index = 0; index < Math.max(saved.length, given.length); index++) {
      const found = firstDifference(saved[index], given[index], `${path}[${index}]`);
      if (found !== null) return found;
    }
    return null;
  }
  if (isRecord(saved) && isRecord(given)) {
    for (const key of new Set([...Object.keys(given), ...Object.keys(saved)])) {
      const found = firstDifference(own(saved, key), own(given, key), path === '' ? key : `${path}.${key}`);
      if (found !== null) return found;
    }
    return null;
  }
  return Object.is(saved, given) ? null : { path, saved, given };
}

const own = (record: { readonly [key: string]: Json }, key: string): Json | undefined =>
  Object.hasOwn(record, key) ? record[key] : undefined;

const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);

const isRecord = (value: Json | undefined): value is { readonly [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
