import type { NonFinite, TensorStatistics } from '@gradstream/core';

/** Where in a step numbers are that are not finite. */
export type Place = Pick<NonFinite, 'kind' | 'name'>;

/** What was looked at: a tensor's kind, name and numbers. */
export interface Seen {
  readonly kind: string;
  readonly path: string;
  readonly numbers: Pick<TensorStatistics, 'size' | 'mean' | 'min' | 'max'>;
}

/** In the order of a step. */
const KINDS: readonly NonFinite['kind'][] = ['inputs', 'targets', 'activations', 'loss', 'gradients', 'weights'];

/** Whether a kind of tensor is looked at. Gradients of a scaled loss overflow now and then as a matter of course: they are not. */
export const isWatched = (kind: string, scaled: boolean): boolean =>
  KINDS.includes(kind as NonFinite['kind']) && !(scaled && kind === 'gradients');

/** The first place of a step that is not finite. Of gradients the last weight's comes first, as in back-propagation. */
export function firstNonFinite(seen: readonly Seen[], scaled: boolean): Place | undefined {
  const bad = seen.filter(({ kind, numbers }) => isWatched(kind, scaled) && !isFinite(numbers));
  const kind = KINDS.find((one) => bad.some((place) => place.kind === one));
  if (kind === undefined) return undefined;
  const isOfKind = (place: Seen): boolean => place.kind === kind;
  return { kind, name: (kind === 'gradients' ? bad.findLast(isOfKind) : bad.find(isOfKind))!.path };
}

/** The mean shows a NaN, the extremes an infinity. A tensor without elements has no numbers that could be wrong. */
const isFinite = ({ size, mean, min, max }: Seen['numbers']): boolean =>
  size === 0 || [mean, min, max].every(Number.isFinite);
