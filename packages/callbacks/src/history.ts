import { defineCallback, type Callback, type EpochEnd, type Json, type TrainingEvent } from '@gradstream/core';
import { ignoreElements, tap } from 'rxjs';
import { badState } from './internal/training-memory.js';

/** A callback with what it has written down. */
export interface HistoryCallback extends Callback {
  /** The finished epochs, 0-based. */
  readonly epoch: readonly number[];
  /** Values by epoch of every log key, and `learning_rate` where the optimizer has one; NaN for an epoch without the key. */
  readonly history: Readonly<Record<string, readonly number[]>>;
}

const WHERE = 'callbacks/history';

/**
 * Writes down the logs of each epoch, as Keras' `History`.
 *
 * `fit` resolves to the same for one training; this one lives on in checkpoints, so after a resumption it has the epochs before as well, and it can be read
 * while training goes on. Differs from Keras: an epoch without a key has NaN there, so that all lists have one entry an epoch.
 */
export function history(): HistoryCallback {
  let epochs: number[] = [];
  let values: Record<string, number[]> = {};
  let restored = false;

  const take = ({ epoch, logs, learningRate }: EpochEnd): void => {
    const entries = Object.entries({ ...logs, ...(learningRate === null ? {} : { learning_rate: learningRate }) });
    for (const [name, value] of entries) (values[name] ??= epochs.map(() => Number.NaN)).push(value);
    epochs.push(epoch);
    for (const list of Object.values(values)) if (list.length < epochs.length) list.push(Number.NaN);
  };
  const look = (event: TrainingEvent): void => {
    if (event.type === 'epochEnd') take(event);
    if (event.type !== 'trainBegin') return;
    if (!restored) [epochs, values] = [[], {}];
    restored = false;
  };
  const callback = defineCallback('history', (events$) => events$.pipe(tap(look), ignoreElements()), {
    // JSON has no NaN: what is not finite is written as text.
    state: () => ({
      epoch: [...epochs],
      history: Object.fromEntries(Object.entries(values).map(([name, list]) => [name, list.map(written)])),
    }),
    restore: (json) => {
      [epochs, values] = read(json);
      restored = true;
    },
  });
  return Object.defineProperties(callback, {
    epoch: { get: () => epochs, enumerable: true },
    history: { get: () => values, enumerable: true },
  }) as HistoryCallback;
}

const written = (value: number): Json => (Number.isFinite(value) ? value : String(value));

function read(json: Json): [number[], Record<string, number[]>] {
  const { epoch, history: lists } = Object(json) as { epoch?: unknown; history?: unknown };
  const isNumber = (value: unknown): boolean =>
    typeof value === 'number' || value === 'NaN' || value === 'Infinity' || value === '-Infinity';
  const isList = (value: unknown): value is unknown[] => Array.isArray(value) && value.every(isNumber);
  if (isList(epoch) && typeof lists === 'object' && lists !== null) {
    const entries = Object.entries(lists);
    if (entries.every(([, list]) => isList(list) && list.length === epoch.length))
      return [
        epoch.map(Number),
        Object.fromEntries(entries.map(([name, list]) => [name, (list as unknown[]).map(Number)])),
      ];
  }
  throw badState(WHERE, '{ epoch, history }, lists of numbers of one length', json);
}
