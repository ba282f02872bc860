import {
  checkBoolean,
  checkNumber,
  checkOptions,
  defineCallback,
  GradstreamError,
  type Callback,
  type Json,
  type Logs,
  type TrainingCommand,
  type TrainingEvent,
} from '@gradstream/core';
import { concatMap } from 'rxjs';
import { checkMonitor } from './internal/check-monitor.js';
import { keptCheckpoints, type KeptCheckpoint } from './internal/kept-checkpoints.js';
import { monitorOf } from './internal/monitor.js';
import { COUNTS, namePattern } from './internal/name-pattern.js';

/** Options of `modelCheckpoint`; most as in Keras. */
export interface ModelCheckpointOptions {
  /** The metric that says which is best, a key of the epoch's logs. Default `val_loss`. */
  readonly monitor?: string;
  /** Whether the metric is to fall or to rise; `auto` reads it from the metric's name. Default `auto`. */
  readonly mode?: 'auto' | 'min' | 'max';
  /** Saves only what is better than all before. Default false. */
  readonly saveBestOnly?: boolean;
  /** Keeps so many of the best and removes the others; of a `checkpointStore` two stay in any case. Default: nothing is removed. */
  readonly saveTopK?: number;
  /** Saves the newest under the name `last` as well. Default false. */
  readonly saveLast?: boolean;
  /** Saves after each epoch, or after so many steps whatever the metric is. Default `epoch`. */
  readonly saveFreq?: 'epoch' | number;
  /** The first one has to be better than this, with `saveBestOnly`. */
  readonly initialValueThreshold?: number;
  /** The weights alone, or all that it takes to go on with training; where it goes are options of `fit`. Default: what `fit` has a place for. */
  readonly contents?: 'weights' | 'all';
}

/** A callback that knows what it has saved. */
export interface ModelCheckpointCallback extends Callback {
  /** The best value so far; null before the first. */
  readonly best: number | null;
  /** The name under which it was saved. */
  readonly bestName: string | null;
}

const WHERE = 'callbacks/modelCheckpoint';
const KNOWN = [
  'monitor',
  'mode',
  'saveBestOnly',
  'saveTopK',
  'saveLast',
  'saveFreq',
  'initialValueThreshold',
  'contents',
];

/**
 * Asks for checkpoints, as Keras' `ModelCheckpoint`, under names from a pattern: `modelCheckpoint('{epoch:02d}-{val_loss:.2f}', { saveBestOnly: true })`.
 *
 * Fields are `epoch` and `batch` (from 1), `step` (steps done) and every key of the logs; formats are Python's `d`, `f` and `e`. Where checkpoints go, and with them any
 * path, says `fit`. Best is strictly better; NaN and infinities never are. Throws `GS_OPTION_*` for options that cannot be used and `GS_CALLBACK_MODE` where the
 * name does not tell the mode; when training begins it ends the run with `GS_CALLBACK_MONITOR` for a metric that will never come.
 *
 * Differs from Keras: what was best lives on in checkpoints, so a resumed training does not overwrite a better one; an epoch without the metric saves
 * nothing; names have no extension; the best few and the last can be kept, as in Lightning.
 */
export function modelCheckpoint(pattern: string, options: ModelCheckpointOptions = {}): ModelCheckpointCallback {
  checkOptions(WHERE, options, KNOWN);
  const names = namePattern(WHERE, pattern);
  const settings = checkSettings(options, names.keys);
  const { monitor, every, topK, bestOnly, threshold, saveLast, contents } = settings;
  const kept = keptCheckpoints(WHERE, monitor, names, topK, threshold);

  const what = contents === undefined ? {} : { contents };
  const save = (name: string): TrainingCommand => ({ type: 'saveCheckpoint', name, ...what });
  const epochEnd = (place: Omit<KeptCheckpoint, 'value'>, logs: Logs): TrainingCommand[] => {
    const value = logs[monitor.name];
    const last = saveLast ? [save('last')] : [];
    if (topK !== null || bestOnly) {
      if (value === undefined) return last;
      const { saved, removed } = kept.offer({ ...place, value }, bestOnly);
      const removals = removed.map((name): TrainingCommand => ({ type: 'removeCheckpoint', name, ...what }));
      return [...(saved === null ? [] : [save(saved)]), ...removals, ...last];
    }
    return [save(kept.note(place, value)), ...last];
  };
  const answer = (event: TrainingEvent): TrainingCommand[] => {
    switch (event.type) {
      case 'trainBegin':
        if (every === null) {
          if (topK !== null || bestOnly) monitor.check(event.metricNames);
          for (const key of names.keys) if (!COUNTS.includes(key)) checkMonitor(WHERE, key, event.metricNames);
        }
        kept.begin();
        return [];
      case 'stepEnd': {
        if (every === null || !kept.isDue(every)) return [];
        const counts = { epoch: event.epoch + 1, batch: event.step + 1, step: event.globalStep + 1 };
        return [save(names.format(counts)), ...(saveLast ? [save('last')] : [])];
      }
      case 'epochEnd': {
        if (every !== null) return [];
        const counts = { epoch: event.epoch + 1, batch: event.steps, step: event.globalStep };
        const fields = names.keys.map((key): [string, number] => [
          key,
          counts[key as keyof typeof counts] ?? event.logs[key] ?? Number.NaN,
        ]);
        return epochEnd({ fields: Object.fromEntries(fields) }, event.logs);
      }
      default:
        return [];
    }
  };
  const callback = defineCallback('modelCheckpoint', (events$) => events$.pipe(concatMap(answer)), {
    // A run whose metric never comes would train on to its end without a checkpoint.
    critical: true,
    state: (): Json => kept.state(),
    restore: (json) => kept.restore(json),
  });
  return Object.defineProperties(callback, {
    best: { get: () => kept.best, enumerable: true },
    bestName: { get: () => kept.bestName, enumerable: true },
  }) as ModelCheckpointCallback;
}

function checkSettings(options: ModelCheckpointOptions, keys: readonly string[]) {
  const { saveFreq = 'epoch', contents } = options;
  const { monitor: name, mode } = options;
  const topK =
    options.saveTopK === undefined ? null : checkNumber(WHERE, 'saveTopK', options.saveTopK, { min: 1, integer: true });
  const bestOnly = checkBoolean(WHERE, 'saveBestOnly', options.saveBestOnly ?? false);
  const saveLast = checkBoolean(WHERE, 'saveLast', options.saveLast ?? false);
  const every = saveFreq === 'epoch' ? null : checkNumber(WHERE, 'saveFreq', saveFreq, { min: 1, integer: true });
  const threshold =
    options.initialValueThreshold === undefined
      ? null
      : checkNumber(WHERE, 'initialValueThreshold', options.initialValueThreshold);
  if (contents !== undefined && contents !== 'weights' && contents !== 'all')
    throw conflict('the option "contents" is neither', '"weights" or "all"', String(contents));
  if (every !== null && (bestOnly || topK !== null))
    throw conflict('steps have no metric to choose the best by', 'saveFreq: "epoch"', `saveFreq: ${every}`);
  if (every !== null && !keys.every((key) => COUNTS.includes(key)))
    throw conflict('steps have no metrics for the name', `fields of ${COUNTS.join(', ')}`, keys.join(', '));
  if (topK !== null && !keys.includes('epoch') && !keys.includes('step'))
    throw conflict('several checkpoints need several names', 'a pattern with {epoch} or {step}', 'one without');
  if (topK !== null && bestOnly)
    throw conflict('the best few are more than the best', 'saveTopK or saveBestOnly', 'both');
  if (threshold !== null && !bestOnly)
    throw conflict('nothing is compared with the threshold', 'saveBestOnly: true', 'initialValueThreshold without it');
  const watched = { ...(name === undefined ? {} : { monitor: name }), ...(mode === undefined ? {} : { mode }) };
  return { monitor: monitorOf(WHERE, watched), every, topK, bestOnly, threshold, saveLast, contents };
}

function conflict(why: string, expected: string, received: string): GradstreamError {
  return new GradstreamError('GS_OPTION_VALUE', {
    where: WHERE,
    what: `The options do not fit together: ${why}`,
    expected,
    received,
    next: 'Change one of them.',
  });
}
