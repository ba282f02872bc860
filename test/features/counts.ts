import type { Group } from './group.js';
import { isMissing, rowsOf } from './rows.js';

/** The groups that the share is demanded of. */
export const COUNTED: readonly string[] = ['layers', 'losses', 'metrics', 'optimizers', 'schedules'];

/** How many names some groups have. */
export interface Counts {
  /** Keras' names, those of one thing counted once. */
  readonly names: number;
  readonly here: number;
  /** Base classes, for which there are interfaces. */
  readonly interfaces: number;
  /** Left out with a reason. */
  readonly absent: number;
  /** Neither here nor left out with a reason. */
  readonly missing: number;
  /** Building blocks that Keras does not have. */
  readonly own: number;
}

/** Counts the names of groups. */
export function countsOf(groups: readonly Group[]): Counts {
  const rows = groups.flatMap(rowsOf);
  const keras = rows.filter(({ names }) => names.length > 0);
  return {
    names: keras.length,
    here: keras.filter(({ here }) => here.length > 0).length,
    interfaces: keras.filter(({ type }) => type !== undefined).length,
    absent: keras.filter(({ reason }) => reason !== undefined).length,
    missing: keras.filter((row) => isMissing(row)).length,
    own: rows.length - keras.length,
  };
}
