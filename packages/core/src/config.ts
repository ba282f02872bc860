/** Plain JSON. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** A serializable description of a part: what it is and how it was set up. */
export interface Config {
  readonly type: string;
  readonly config: { readonly [key: string]: Json };
}
