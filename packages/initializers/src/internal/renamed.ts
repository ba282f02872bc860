import type { Initializer } from '../initializer.js';

/** The same initializer under a type of its own, without options. */
export function renamed(type: string, initialize: Initializer): Initializer {
  const named: Initializer = (shape, key) => initialize(shape, key);
  return Object.assign(named, { config: { type, config: {} } });
}
