/** Plain JSON. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** A serializable description of a part: what it is and how it was set up. */
export interface Config {
  readonly type: string;
  readonly config: { readonly [key: string]: Json };
}

/** True for the description of a part: an object of a type and its options. */
export function isConfig(value: unknown): value is Config {
  const { type, config } = (value ?? {}) as Partial<Config>;
  return typeof type === 'string' && typeof config === 'object' && config !== null && !Array.isArray(config);
}
