import { isConfig, type Config, type Json } from '../config.js';
import { describeValue } from '../describe-value.js';
import { GradstreamError } from '../gradstream-error.js';

/** Levels of nesting, values in all, and characters of one text. */
const MAX_DEPTH = 64;
const MAX_VALUES = 1_000_000;
const MAX_TEXT = 1_000_000;

/** Keys that would reach an object's prototype. */
const PROTOTYPE_KEYS = ['__proto__', 'constructor', 'prototype'];

/** Where in the tree a conversion is. `budget` is one object for the whole tree. */
export interface Place {
  readonly where: string;
  readonly above?: Place;
  readonly key: string | number;
  readonly depth: number;
  readonly budget: { left: number };
}

/** The place of the tree's root. */
export function rootPlace(where: string): Place {
  return { where, key: '', depth: 0, budget: { left: MAX_VALUES } };
}

/** The error of all that cannot be converted, with the path to it. */
export function refuse(place: Place, what: string, expected: string, received: unknown): GradstreamError {
  const keys: (string | number)[] = [];
  for (let at: Place | undefined = place; at?.above !== undefined; at = at.above) keys.unshift(at.key);
  const path = keys.map((key) => String(key).slice(0, 40)).join('.');
  return new GradstreamError('GS_KERAS_CONFIG', {
    where: place.where,
    what: path === '' ? what : `${what} (at ${path.length > 160 ? `...${path.slice(-157)}` : path})`,
    expected,
    received: describeValue(received),
    next: 'Pass what Keras 3 wrote, as JSON.parse gives it, or what toConfig() gave; name exceptions in the tables.',
  });
}

/** A config and nothing else, or undefined. */
export function asConfig(value: unknown): Config | undefined {
  return isConfig(value) && Object.keys(value).length === 2 ? value : undefined;
}

/** Null, a boolean, a finite number or a text as it is; undefined for a list or an object; anything else is refused. */
export function plainValue(place: Place, value: unknown): null | boolean | number | string | undefined {
  if (value === null || typeof value === 'boolean') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (typeof value === 'string' && value.length <= MAX_TEXT) return value;
  if (Array.isArray(value)) return undefined;
  if (typeof value === 'object') {
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype === Object.prototype || prototype === null) return undefined;
  }
  throw refuse(place, 'This is no JSON', 'null, true, false, a finite number, a text, a list or an object', value);
}

/** The values of a list or a plain object with their places. Counts them; refuses prototype keys, sparse lists, and trees too deep or too large. */
export function entriesOf(place: Place, value: unknown): [string, unknown, Place][] {
  plainValue(place, value);
  const container = value as readonly Json[] | Readonly<Record<string, Json>>;
  if (place.depth >= MAX_DEPTH) throw refuse(place, 'The nesting is too deep', `at most ${MAX_DEPTH} levels`, value);
  const length = Array.isArray(container) ? container.length : Object.keys(container).length;
  place.budget.left -= length;
  if (place.budget.left < 0) throw refuse(place, 'This is too large', `at most ${MAX_VALUES} values`, value);
  const below = (key: string | number): Place => ({
    where: place.where,
    above: place,
    key,
    depth: place.depth + 1,
    budget: place.budget,
  });
  if (Array.isArray(container)) return Array.from(container, (one, index) => [String(index), one, below(index)]);
  return Object.entries(container).map(([key, one]) => {
    if (key.length <= 256 && !PROTOTYPE_KEYS.includes(key)) return [key, one, below(key)];
    throw refuse(place, 'A key cannot be used', 'short keys that are no part of an object by themselves', key);
  });
}
