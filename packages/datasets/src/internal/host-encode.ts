import { sizeOf, type HostArray } from '@gradstream/core';

/** How places in a vocabulary are written. */
export type LookupMode = 'int' | 'oneHot' | 'multiHot' | 'count' | 'tfIdf';

/** The ways that are told by name. */
export const LOOKUP_MODES: readonly LookupMode[] = ['int', 'oneHot', 'multiHot', 'count', 'tfIdf'];

/** Writes places as they are, one vector for each (`oneHot`; a last dimension of 1 goes away), or one for each row. Places outside the depth are nowhere. */
export function encodePlaces(
  places: ArrayLike<number>,
  shape: readonly number[],
  mode: LookupMode,
  depth: number,
  weights?: readonly number[],
): HostArray<'int32' | 'float32'> {
  if (mode === 'int') return { dtype: 'int32', shape, values: Int32Array.from(places) };
  const single = mode === 'oneHot' && shape.length > 1 && shape.at(-1) === 1;
  const each = mode === 'oneHot' || shape.length < 2;
  const rows = each && !single ? shape : shape.slice(0, -1);
  const perRow = each && !single ? 1 : (shape.at(-1) ?? 1);
  const values = new Float32Array(sizeOf(rows) * depth);
  for (let index = 0; index < places.length; index++) {
    const place = places[index]!;
    if (place < 0 || place >= depth) continue;
    const at = Math.floor(index / perRow) * depth + place;
    values[at] =
      mode === 'count' || mode === 'tfIdf' ? values[at]! + (weights?.[place] ?? (mode === 'tfIdf' ? 0 : 1)) : 1;
  }
  return { dtype: 'float32', shape: [...rows, depth], values };
}
