import { describeValue, type Json } from '@gradstream/core';
import { damaged } from '../checkpoint-error.js';

/** A value of a manifest with the way to it: what is asked of it is there, of the right kind and size, or an error names the place. */
export class JsonReader {
  constructor(
    readonly value: Json | undefined,
    readonly path: string,
  ) {}

  /** An entry of an object. */
  at(key: string): JsonReader {
    const { value } = this;
    if (!isObject(value)) throw this.wrong('an object');
    return new JsonReader(Object.hasOwn(value, key) ? value[key] : undefined, `${this.path}.${key}`);
  }

  /** The entries of an object. */
  entries(): [string, JsonReader][] {
    if (!isObject(this.value)) throw this.wrong('an object');
    return Object.entries(this.value).map(([key, value]) => [key, new JsonReader(value, `${this.path}.${key}`)]);
  }

  /** The entries of a list. */
  items(): JsonReader[] {
    if (!Array.isArray(this.value)) throw this.wrong('a list');
    return (this.value as readonly Json[]).map((item, index) => new JsonReader(item, `${this.path}[${index}]`));
  }

  /** Null, or what a reading of it gives. */
  orNull<T>(read: (reader: JsonReader) => T): T | null {
    return this.value === null ? null : read(this);
  }

  number(): number {
    if (typeof this.value === 'number') return this.value;
    throw this.wrong('a number');
  }

  /** A whole number from 0. */
  count(max: number = Number.MAX_SAFE_INTEGER): number {
    const { value } = this;
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value <= max) return value;
    throw this.wrong(`a whole number from 0${max === Number.MAX_SAFE_INTEGER ? '' : ` to ${max}`}`);
  }

  flag(): boolean {
    if (typeof this.value === 'boolean') return this.value;
    throw this.wrong('true or false');
  }

  text(): string {
    if (typeof this.value === 'string') return this.value;
    throw this.wrong('a text');
  }

  /** One of a list of texts. */
  oneOf<T extends string>(choices: readonly T[]): T {
    if (choices.includes(this.value as T)) return this.value as T;
    throw this.wrong(`one of ${choices.join(', ')}`);
  }

  json(): Json {
    if (this.value === undefined) throw this.wrong('a value');
    return this.value;
  }

  wrong(expected: string): Error {
    return damaged(
      'trainer/checkpoint',
      `The entry ${this.path} of the manifest cannot be used`,
      expected,
      this.value === undefined ? 'none' : describeValue(this.value),
    );
  }
}

function isObject(value: unknown): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
