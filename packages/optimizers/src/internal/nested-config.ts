import type { Config, Json } from '@gradstream/core';
import type { GradientTransformation } from '../gradient-transformation.js';

/** The config of a wrapper, where what is inside has one. */
export function nestedConfig(
  type: string,
  { config }: Pick<GradientTransformation, 'config'>,
  around: (inner: Json) => Readonly<Record<string, Json>>,
): { readonly config?: Config } {
  return config === undefined ? {} : { config: { type, config: around({ ...config }) } };
}
