import type { HostArray } from '@gradstream/core';

/** Arrays in named places, nested as deep as one likes: an example, a batch, a record of arrays, a single array. */
export type Structure = HostArray | { readonly [name: string]: Structure | undefined };

/** True for an array with its shape and dtype; false for a record of them. */
export function isHostArray(value: unknown): value is HostArray {
  const array = value as Partial<HostArray> | null;
  return typeof array === 'object' && array !== null && Array.isArray(array.shape) && ArrayBuffer.isView(array.values);
}

/** True for an object that holds named parts: written as `{ ... }`, not an instance of a class. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || ArrayBuffer.isView(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** The names of a record that hold something: a field that is undefined counts as not there. */
export function fieldNames(record: Readonly<Record<string, unknown>>): string[] {
  return Object.keys(record).filter((name) => record[name] !== undefined);
}

/** The path of a field inside a structure, as messages show it: `x`, `x.left`. */
export function fieldPath(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}

/** The same structure with another array in each place. */
export function mapArrays(
  structure: Structure,
  change: (array: HostArray, path: string) => HostArray,
  path = '',
): Structure {
  if (isHostArray(structure)) return change(structure, path);
  const result: Record<string, Structure> = {};
  for (const name of fieldNames(structure)) result[name] = mapArrays(structure[name]!, change, fieldPath(path, name));
  return result;
}
