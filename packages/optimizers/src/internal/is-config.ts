import type { Config } from '@gradstream/core';

/** True for the description of a part: a type and its options. */
export function isConfig(value: unknown): value is Config {
  const { type, config } = (value ?? {}) as Partial<Config>;
  return typeof type === 'string' && typeof config === 'object' && config !== null;
}
