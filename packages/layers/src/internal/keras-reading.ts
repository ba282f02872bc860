import { describeValue, GradstreamError, type Json } from '@gradstream/core';

/** An object of JSON. */
export type JsonObject = { readonly [key: string]: Json };

/** True for an object of JSON, not a list. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A list under a key. Throws `GS_KERAS_CONFIG` for anything else. */
export function readList(object: JsonObject, key: string): readonly Json[] {
  const value = Object.hasOwn(object, key) ? object[key] : undefined;
  if (Array.isArray(value)) return value as readonly Json[];
  throw kerasError('A list is missing', `a list under "${key}"`, describeValue(value));
}

/** Text under a key. Throws `GS_KERAS_CONFIG` for anything else. */
export function readText(object: JsonObject, key: string): string {
  const value = Object.hasOwn(object, key) ? object[key] : undefined;
  if (typeof value === 'string') return value;
  throw kerasError('Some text is missing', `text under "${key}"`, describeValue(value));
}

/** A `GS_KERAS_CONFIG` for JSON that describes no model of Keras. */
export function kerasError(what: string, expected: string, received: string, cause?: unknown): GradstreamError {
  return new GradstreamError('GS_KERAS_CONFIG', {
    where: 'layers/fromKerasJson',
    what,
    expected,
    received,
    next: 'Pass what model.to_json() of Keras 3 gives.',
    ...(cause === undefined ? {} : { cause }),
  });
}
