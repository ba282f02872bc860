import {
  checkOptions,
  defineCallback,
  describeValue,
  GradstreamError,
  suggest,
  type Callback,
  type TrainingCommand,
  type TrainingEvent,
} from '@gradstream/core';
import { concatMap, defer } from 'rxjs';
import { badState } from './internal/training-memory.js';

/** Options of `jsonLoggerTo` and `jsonLogger`. */
export interface JsonLoggerOptions {
  /** The events to write. Default: all but `stepEnd` and `statistics`. */
  readonly events?: readonly TrainingEvent['type'][];
}

const WHERE = 'callbacks/jsonLogger';
/** From so many characters on, training waits until lines are written. */
const WRITE_ABOVE = 2 ** 16;

const EVENTS: Readonly<Record<TrainingEvent['type'], boolean>> = {
  trainBegin: true,
  epochBegin: true,
  stepEnd: false,
  statistics: false,
  nonFinite: true,
  resources: true,
  validationBegin: true,
  validationEnd: true,
  epochEnd: true,
  trainPaused: true,
  trainResumed: true,
  diagnosis: true,
  checkpointSaved: true,
  callbackFailed: true,
  trainEnd: true,
};

/**
 * A callback that hands events on as JSON, a line each (JSON Lines), to a function that writes them: `type`, `time` and the fields of the event.
 *
 * Training waits for the function at the end of each epoch and whenever much is waiting; where it fails, the callback ends alone. NaN and infinities, which
 * JSON has not, are the texts `NaN`, `Infinity` and `-Infinity`. Throws `GS_OPTION_*` for options that cannot be used.
 */
export function jsonLoggerTo(write: (lines: string) => Promise<unknown>, options: JsonLoggerOptions = {}): Callback {
  checkOptions(WHERE, options, ['events']);
  if (typeof write !== 'function') {
    throw new GradstreamError('GS_OPTION_VALUE', {
      where: WHERE,
      what: 'There is nothing that writes',
      expected: 'a function that takes lines and gives a promise',
      received: describeValue(write),
      next: 'Pass it first: jsonLoggerTo(async (lines) => upload(lines)).',
    });
  }
  const wanted = checkEvents(options.events);
  let lines = '';
  const react: Callback = (events$) =>
    defer(() => {
      lines = '';
      const flush = (): TrainingCommand[] => {
        if (lines === '') return [];
        const text = lines;
        lines = '';
        // A writer that throws at once fails what waits for it as well.
        const until = Promise.resolve().then(() => write(text));
        // Whoever holds for it hears of a failure; nobody else has to.
        until.catch(() => undefined);
        return [{ type: 'hold', until }];
      };
      const answer = (event: TrainingEvent): TrainingCommand[] => {
        if (wanted.has(event.type)) lines += `${jsonLine(event)}\n`;
        const ends = event.type === 'epochEnd' || event.type === 'trainEnd' || event.type === 'trainBegin';
        return ends || lines.length >= WRITE_ABOVE ? flush() : [];
      };
      return events$.pipe(concatMap(answer));
    });
  return defineCallback('jsonLogger', react, {
    // Lines that nobody has written yet when a checkpoint is made come with the first ones after it.
    state: () => ({ waiting: lines }),
    restore: (state) => {
      const { waiting } = Object(state) as { readonly waiting?: unknown };
      if (typeof waiting !== 'string') throw badState(WHERE, '{ waiting }, a text', state);
      lines = waiting;
    },
  });
}

/** An event as one line of JSON, its type and time in front. */
export function jsonLine({ type, time, ...fields }: TrainingEvent): string {
  return JSON.stringify({ type, time, ...fields }, (_, value: unknown) =>
    typeof value === 'number' && !Number.isFinite(value) ? String(value) : value,
  );
}

function checkEvents(events: JsonLoggerOptions['events']): ReadonlySet<TrainingEvent['type']> {
  const all = Object.keys(EVENTS) as TrainingEvent['type'][];
  if (events === undefined) return new Set(all.filter((name) => EVENTS[name]));
  const unknown: unknown = Array.isArray(events) ? events.find((name) => !all.includes(name)) : events;
  if (unknown === undefined && events.length > 0) return new Set(events);
  const near = typeof unknown === 'string' ? suggest(unknown, all) : undefined;
  throw new GradstreamError('GS_OPTION_VALUE', {
    where: WHERE,
    what: 'The option "events" has a value that cannot be used',
    expected: `a list of any of ${all.join(', ')}`,
    received: describeValue(unknown ?? events),
    next: near === undefined ? 'Name events of training.' : `Did you mean "${near}"?`,
  });
}
