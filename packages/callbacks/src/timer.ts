import {
  checkChoice,
  checkNumber,
  checkOptions,
  defineCallback,
  type Callback,
  type TrainingCommand,
  type TrainingEvent,
} from '@gradstream/core';
import { concatMap } from 'rxjs';
import { TrainingMemory } from './internal/training-memory.js';
import { durationText } from './progress/duration-text.js';

/** Options of `timer`. The limit is the sum of the three; without any, time is only taken. */
export interface TimerOptions {
  readonly seconds?: number;
  readonly minutes?: number;
  readonly hours?: number;
  /** When the limit is looked at: after each step, or after each epoch. Default `step`. */
  readonly interval?: 'step' | 'epoch';
}

/** A callback with the times it took. */
export interface TimerCallback extends Callback {
  /** Seconds of training up to the last event, those before a resumption included, without those in which it was paused. */
  readonly elapsedSeconds: number;
  /** Seconds of each epoch of this run, validation included, pauses left out. */
  readonly epochSeconds: readonly number[];
}

const WHERE = 'callbacks/timer';

/**
 * Stops training when its time is over, and takes the time of each epoch.
 *
 * Time is that of the events, without the pauses (`run.pause()`). It goes on after a resumption where the checkpoint left off, so the limit is one of the whole training. The step in hand and, as
 * with any stop, the epoch's validation are finished. Throws `GS_OPTION_*` for options that cannot be used.
 */
export function timer(options: TimerOptions = {}): TimerCallback {
  checkOptions(WHERE, options, ['seconds', 'minutes', 'hours', 'interval']);
  const part = (name: 'seconds' | 'minutes' | 'hours', unit: number): number =>
    unit * checkNumber(WHERE, name, options[name] ?? 0, { min: 0 });
  const sum = part('seconds', 1) + part('minutes', 60) + part('hours', 3600);
  const limited = options.seconds !== undefined || options.minutes !== undefined || options.hours !== undefined;
  const limit = limited ? sum : Number.POSITIVE_INFINITY;
  const interval = checkChoice(WHERE, 'interval', options.interval ?? 'step', ['step', 'epoch']);
  const memory = new TrainingMemory(WHERE, { elapsed: 0 });
  let epochs: number[] = [];
  let stopped = false;
  let paused = false;
  /** When the last event was, in milliseconds, and how many seconds had gone when the epoch began. */
  let last = 0;
  let began = 0;

  const answer = (event: TrainingEvent): TrainingCommand[] => {
    if (event.type === 'trainBegin') {
      memory.begin();
      epochs = [];
      stopped = false;
      paused = false;
      began = memory.value.elapsed;
      last = event.time;
    }
    if (!paused) memory.set({ elapsed: memory.value.elapsed + (event.time - last) / 1000 });
    last = event.time;
    // A pause lasts to the event that ends it, whatever comes between: other callbacks' diagnoses do.
    paused = event.type === 'trainPaused' || (paused && event.type !== 'trainResumed');
    if (event.type === 'epochBegin') began = memory.value.elapsed;
    if (event.type === 'epochEnd') epochs.push(memory.value.elapsed - began);
    if (stopped || event.type !== `${interval}End` || memory.value.elapsed < limit) return [];
    stopped = true;
    return [{ type: 'stop', reason: `the time of ${durationText(limit * 1000)} is over` }];
  };
  const callback = defineCallback('timer', (events$) => events$.pipe(concatMap(answer)), memory.traits);
  return Object.defineProperties(callback, {
    elapsedSeconds: { get: () => memory.value.elapsed, enumerable: true },
    epochSeconds: { get: () => epochs, enumerable: true },
  }) as TimerCallback;
}
