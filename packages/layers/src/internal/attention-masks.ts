import { cast, expandDims, mul, tensor2d, type Tensor } from '@tensorflow/tfjs-core';

/**
 * Which keys a query may see by their places alone, [T, S], 1 where it may: none after it (`causal`), none `window` or more places away. Undefined where it may see
 * all.
 */
export function placesMask(
  queries: number,
  keys: number,
  causal: boolean,
  window: number | undefined,
): Tensor | undefined {
  if (!causal && window === undefined) return undefined;
  const far = window ?? Number.POSITIVE_INFINITY;
  const values = new Float32Array(queries * keys);
  for (let query = 0; query < queries; query++) {
    const end = causal ? Math.min(keys, query + 1) : keys;
    for (let key = 0; key < end; key++) values[query * keys + key] = Math.abs(query - key) < far ? 1 : 0;
  }
  return tensor2d(values, [queries, keys]);
}

/** Numbers 1 where all masks, which broadcast to each other, have something; undefined without any. */
export function allOf(...masks: readonly (Tensor | undefined)[]): Tensor | undefined {
  const given = masks.filter((mask) => mask !== undefined).map((mask) => cast(mask, 'float32'));
  return given.length === 0 ? undefined : given.reduce((both, mask) => mul(both, mask));
}

/** A mask of keys, [batch, S], as one of pairs: [batch, 1, S]. */
export const ofKeys = (mask: Tensor | undefined): Tensor | undefined => mask && expandDims(mask, -2);

/** A mask of queries, [batch, T], as one of pairs: [batch, T, 1]. */
export const ofQueries = (mask: Tensor | undefined): Tensor | undefined => mask && expandDims(mask, -1);
