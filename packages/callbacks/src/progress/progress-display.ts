import type { Diagnosis, EpochEnd, Logs, StepEnd, TrainEnd, TrainingEvent } from '@gradstream/core';
import { numberText } from '../internal/number-text.js';
import { withoutControls } from './display-width.js';
import { durationText, stepTimeText } from './duration-text.js';
import { endedLines, metricsText, progressLine, type ProgressState } from './progress-line.js';
import type { Terminal } from './terminal.js';

/** A terminal, and how to use it. Times in milliseconds. */
export interface DisplaySettings extends Terminal {
  readonly width: number;
  readonly refreshMilliseconds: number;
  readonly logMilliseconds: number;
}

/** Carriage return, and the erasure of what is right of the cursor. */
const [RETURN, ERASE] = ['\r', '\u001b[K'];

/** One epoch as it is known so far. */
interface Epoch {
  readonly number: number;
  readonly begin: number;
  step: number;
  logs: Logs;
  firstStepAt: number;
  lastStepAt: number;
  note?: string;
}

/** Draws one training. Events go in by `take`, text comes out of the terminal's `write`; `close` ends an open line. */
export class ProgressDisplay {
  readonly #settings: DisplaySettings;
  #epochs = 0;
  #total: number | null = null;
  #epoch: Epoch | undefined;
  #rate: number | null = null;
  /** The live line that the cursor is on, if it is on one. */
  #line: string | undefined;
  /** Whether the epoch's heading is written. */
  #headed = false;
  /** Writes the last epoch, which was too short to be written. */
  #skipped: (() => void) | undefined;
  #writtenAt = Number.NEGATIVE_INFINITY;
  /** When each diagnosis was shown last, and how often it came since. */
  readonly #diagnoses = new Map<string, { shownAt: number; since: number }>();

  constructor(settings: DisplaySettings) {
    this.#settings = settings;
  }

  take(event: TrainingEvent): void {
    switch (event.type) {
      case 'trainBegin':
        [this.#epochs, this.#total] = [event.epochs, event.stepsPerEpoch];
        return;
      case 'epochBegin':
        return this.#begin(event.epoch, event.time);
      case 'stepEnd':
        return this.#step(event);
      case 'validationBegin':
        if (this.#epoch === undefined) return;
        this.#epoch.note = 'validating';
        if (this.#settings.interactive && this.#headed) this.#draw(event.time);
        return;
      case 'epochEnd':
        return this.#end(event);
      case 'diagnosis':
        return this.#diagnosis(event);
      case 'callbackFailed':
        return this.#say(`The callback "${event.callback}" failed and was dropped: ${event.message}`);
      case 'trainEnd':
        return this.#finish(event);
      default:
    }
  }

  close(): void {
    if (this.#line === undefined) return;
    this.#line = undefined;
    this.#settings.write('\n');
  }

  #begin(number: number, time: number): void {
    this.#epoch = { number, begin: time, step: 0, logs: {}, firstStepAt: time, lastStepAt: time };
    this.#headed = false;
    this.#skipped = undefined;
    if (this.#settings.interactive && this.#isDue(time)) this.#head(time);
  }

  #step({ step, time, logs }: StepEnd): void {
    const epoch = this.#epoch;
    if (epoch === undefined) return;
    epoch.step = step + 1;
    epoch.lastStepAt = time;
    if (epoch.step === 1) epoch.firstStepAt = time;
    if (logs !== undefined) epoch.logs = logs;
    if (this.#settings.interactive) {
      if (!this.#isDue(time)) return;
      this.#head(time);
      this.#draw(time);
    } else if (time - Math.max(epoch.begin, this.#writtenAt) >= this.#settings.logMilliseconds) {
      this.#writtenAt = time;
      const count = this.#total === null ? `${epoch.step} steps` : `${epoch.step}/${this.#total} steps`;
      this.#print(
        `${this.#title(epoch)}: ${[count, ...this.#times(epoch, time, true)].join(', ')}${metricsText(epoch.logs)}`,
      );
    }
  }

  #end(event: EpochEnd): void {
    const epoch = this.#epoch;
    if (epoch === undefined) return;
    const total = this.#total ?? event.steps;
    epoch.step = event.steps;
    delete epoch.note;
    epoch.logs = { ...event.logs, ...this.#changedRate(event) };
    const show = (): void => {
      if (this.#settings.interactive) {
        this.#head(event.time);
        this.#drawEnd(event.time, total);
      } else {
        const steps = event.steps === total ? `${event.steps} steps` : `${event.steps}/${total} steps`;
        this.#print(
          `${this.#title(epoch)}: ${[steps, ...this.#times(epoch, event.time, true)].join(', ')}${metricsText(epoch.logs)}`,
        );
      }
      this.#writtenAt = event.time;
    };
    this.#skipped = undefined;
    if (this.#headed || event.epoch + 1 >= this.#epochs || this.#isDue(event.time)) show();
    else this.#skipped = show;
    // An epoch that was gone through tells how long the next one is.
    this.#total ??= event.steps;
  }

  #finish({ reason, message, epochs }: TrainEnd): void {
    this.#skipped?.();
    this.#skipped = undefined;
    this.close();
    for (const [name, { since }] of this.#diagnoses) {
      if (since > 0) this.#say(`${name} came ${since === 1 ? 'once more' : `${since} more times`}`);
    }
    if (reason === 'completed') return;
    const count = epochs === 1 ? '1 epoch' : `${epochs} epochs`;
    this.#say(`Training ${reason === 'failed' ? 'failed' : 'was stopped'} after ${count}: ${message}`);
  }

  #diagnosis({ name, severity, message, remedy, time }: Diagnosis): void {
    const seen = this.#diagnoses.get(name) ?? { shownAt: Number.NEGATIVE_INFINITY, since: 0 };
    this.#diagnoses.set(name, seen);
    seen.since++;
    if (time - seen.shownAt < this.#settings.logMilliseconds) return;
    const repeated = seen.since > 1 ? ` (${seen.since} times)` : '';
    Object.assign(seen, { shownAt: time, since: 0 });
    this.#say(`${severity}${repeated}: ${/[.!?]$/.test(message) ? message : `${message}.`} ${remedy}`);
  }

  /** Writes lines of their own above a live line, which is drawn again. */
  #say(text: string): void {
    const line = this.#line;
    const clean = withoutControls(text, true);
    if (line === undefined) return this.#print(clean);
    this.#settings.write(`${RETURN}${ERASE}`);
    this.#print(clean);
    this.#settings.write(line);
  }

  #print(text: string): void {
    this.#settings.write(`${text}\n`);
  }

  #head(time: number): void {
    if (this.#headed || this.#epoch === undefined) return;
    this.#headed = true;
    this.#writtenAt = time;
    this.#print(this.#title(this.#epoch));
  }

  #draw(time: number): void {
    const total = this.#total;
    const { step, logs, note } = this.#epoch!;
    const taken = total === null || note !== undefined;
    const state: ProgressState = { step, total, times: this.#times(this.#epoch!, time, taken), logs };
    const { width, columns, write } = this.#settings;
    // One column stays free: a terminal wraps when its last one is written.
    this.#line = progressLine(note === undefined ? state : { ...state, note }, width, columns() - 1);
    write(`${RETURN}${this.#line}${ERASE}`);
    this.#writtenAt = time;
  }

  #drawEnd(time: number, total: number): void {
    const { step, logs } = this.#epoch!;
    const { width, columns, write } = this.#settings;
    const [line, ...below] = endedLines(
      { step, total, times: this.#times(this.#epoch!, time, true), logs },
      width,
      columns() - 1,
    );
    this.#line = undefined;
    write(`${RETURN}${line}${ERASE}`);
    write('\n');
    for (const text of below) this.#print(text);
  }

  /** The time left while it can be told, else the time taken; and the time of a step. */
  #times({ step, begin, firstStepAt, lastStepAt }: Epoch, time: number, taken: boolean): string[] {
    if (step === 0) return [durationText(time - begin)];
    const stepTime = step === 1 ? lastStepAt - begin : (lastStepAt - firstStepAt) / (step - 1);
    const left = stepTime * ((this.#total ?? step) - step);
    return [durationText(taken ? time - begin : left), stepTimeText(stepTime)];
  }

  #title({ number }: Epoch): string {
    return Number.isFinite(this.#epochs) && this.#epochs > number
      ? `Epoch ${number + 1}/${this.#epochs}`
      : `Epoch ${number + 1}`;
  }

  /** The learning rate where it is another than after the last epoch. */
  #changedRate({ learningRate }: EpochEnd): Logs {
    const changed = this.#rate !== null && learningRate !== null && numberText(learningRate) !== numberText(this.#rate);
    this.#rate = learningRate;
    return changed ? { learningRate } : {};
  }

  #isDue(time: number): boolean {
    return time - this.#writtenAt >= this.#settings.refreshMilliseconds;
  }
}
