import {
  checkBoolean,
  checkChoice,
  checkNumber,
  checkOptions,
  defineCallback,
  type Callback,
  type EpochEnd,
  type Hold,
  type Logs,
  type StepEnd,
  type TrainingEvent,
  type ValidationEnd,
} from '@gradstream/core';
import type { EventWriter } from '@gradstream/tensorboard';
import { scalarSummary } from '@gradstream/tensorboard/scalar-summary';
import { defer, finalize, mergeMap } from 'rxjs';

const WHERE = 'callbacks/tensorBoard';

/** Waiting events are handed to the disk after so many milliseconds of training, or from so many bytes on. */
const FLUSH_AFTER = 1000;
const FLUSH_ABOVE = 2 ** 16;

/** The two runs that TensorBoard shows side by side. */
export type TensorBoardRun = 'train' | 'validation';

/** Options of `tensorBoard` and `tensorBoardTo`. */
export interface TensorBoardOptions {
  /**
   * When scalars of batches are written: never (`'epoch'`, the default), on every step (`'batch'`), or on every so many steps. They are the running
   * means that the trainer read from the device, so they come on the first step that has them; `fit`'s `logEvery: 1` gives every step.
   */
  readonly updateFreq?: 'epoch' | 'batch' | number;
  /** Writes the speed too: `epoch_steps_per_second`, and `batch_steps_per_second` where batches are written. Default false. */
  readonly writeStepsPerSecond?: boolean;
}

/**
 * A callback that writes TensorBoard scalars with Keras' tags, through a writer for each run that is asked for when there is something to write.
 *
 * `epoch_<metric>` and `epoch_learning_rate` at the epoch (0-based), validation's in the run `validation`; `evaluation_<metric>_vs_iterations` there
 * at the number of training steps; `batch_<metric>` at the step (1-based). Training holds while events are stored, and a writer that fails ends
 * the callback alone. Differs from Keras: batches count on over several `fit` calls where Keras starts again at 1, and a batch's speed is over all
 * steps since the last one that was written. No graph, histograms, images, embeddings or profile.
 */
export function tensorBoardTo(
  writerOf: (run: TensorBoardRun) => EventWriter,
  options: TensorBoardOptions = {},
): Callback {
  checkOptions(WHERE, options, ['updateFreq', 'writeStepsPerSecond']);
  const { updateFreq = 'epoch', writeStepsPerSecond = false } = options;
  const every =
    typeof updateFreq === 'number'
      ? checkNumber(WHERE, 'updateFreq', updateFreq, { min: 1, integer: true })
      : FREQUENCIES[checkChoice(WHERE, 'updateFreq', updateFreq, ['epoch', 'batch'])];
  checkBoolean(WHERE, 'writeStepsPerSecond', writeStepsPerSecond);
  return defineCallback('tensorBoard', (events$) =>
    defer(() => {
      const log = new ScalarLog(writerOf, every, writeStepsPerSecond);
      return events$.pipe(
        mergeMap((event) => log.take(event)),
        finalize(() => void log.close()),
      );
    }),
  );
}

const FREQUENCIES = { epoch: null, batch: 1 } as const;

/** The scalars of one training. */
class ScalarLog {
  readonly #writerOf: (run: TensorBoardRun) => EventWriter;
  readonly #every: number | null;
  readonly #speed: boolean;
  readonly #writers = new Map<TensorBoardRun, EventWriter>();
  #iterations = 0;
  /** The step, 1-based, from which on the next scalars of a batch are due. */
  #due: number | undefined;
  #epochBegan = 0;
  #measuredAt = 0;
  #stepsSince = 0;
  #flushedAt = 0;

  constructor(writerOf: (run: TensorBoardRun) => EventWriter, every: number | null, speed: boolean) {
    this.#writerOf = writerOf;
    this.#every = every;
    this.#speed = speed;
  }

  take(event: TrainingEvent): readonly Hold[] {
    switch (event.type) {
      case 'trainBegin':
        this.#flushedAt = event.time;
        return [];
      case 'epochBegin':
        this.#epochBegan = this.#measuredAt = event.time;
        this.#stepsSince = 0;
        return [];
      case 'stepEnd':
        return this.#step(event);
      case 'validationEnd':
        return this.#validation(event);
      case 'epochEnd':
        return this.#epoch(event);
      case 'trainEnd':
        return [{ type: 'hold', until: this.close() }];
      default:
        return [];
    }
  }

  close(): Promise<unknown> {
    return settled([...this.#writers.values()].map((writer) => writer.close()));
  }

  #step({ globalStep, logs, time }: StepEnd): readonly Hold[] {
    const step = globalStep + 1;
    this.#iterations = step;
    this.#stepsSince++;
    if (this.#every === null) return [];
    this.#due ??= Math.ceil(step / this.#every) * this.#every;
    if (step < this.#due || logs === undefined) return [];
    this.#due = (Math.floor(step / this.#every) + 1) * this.#every;
    this.#write(
      'train',
      step,
      time,
      prefixed('batch_', { ...this.#speedOf(this.#stepsSince, time - this.#measuredAt), ...logs }),
    );
    this.#measuredAt = time;
    this.#stepsSince = 0;
    return time - this.#flushedAt >= FLUSH_AFTER || this.#writers.get('train')!.buffered >= FLUSH_ABOVE
      ? this.#flush(time)
      : [];
  }

  #validation({ logs, time }: ValidationEnd): readonly Hold[] {
    const scalars = Object.entries(logs).map(([name, value]) => [`evaluation_${name}_vs_iterations`, value] as const);
    this.#write('validation', this.#iterations, time, scalars);
    return [];
  }

  #epoch({ epoch, steps, logs, learningRate, time }: EpochEnd): readonly Hold[] {
    const entries = Object.entries(logs);
    const train = Object.fromEntries(entries.filter(([name]) => !name.startsWith('val_')));
    const validation = Object.fromEntries(
      entries.filter(([name]) => name.startsWith('val_')).map(([name, value]) => [name.slice(4), value]),
    );
    const rate = learningRate === null ? {} : { learning_rate: learningRate };
    this.#write(
      'train',
      epoch,
      time,
      prefixed('epoch_', { ...train, ...rate, ...this.#speedOf(steps, time - this.#epochBegan) }),
    );
    this.#write('validation', epoch, time, prefixed('epoch_', validation));
    return this.#flush(time);
  }

  #speedOf(steps: number, milliseconds: number): Logs {
    return this.#speed && milliseconds > 0 ? { steps_per_second: (steps * 1000) / milliseconds } : {};
  }

  #write(
    run: TensorBoardRun,
    step: number,
    time: number,
    scalars: readonly (readonly [tag: string, value: number])[],
  ): void {
    if (scalars.length === 0) return;
    let writer = this.#writers.get(run);
    if (writer === undefined) this.#writers.set(run, (writer = this.#writerOf(run)));
    writer.write({ step, time, values: scalars.map(([tag, value]) => scalarSummary(tag, value)) });
  }

  #flush(time: number): readonly Hold[] {
    this.#flushedAt = time;
    return [{ type: 'hold', until: settled([...this.#writers.values()].map((writer) => writer.flush())) }];
  }
}

function prefixed(prefix: string, logs: Logs): readonly (readonly [tag: string, value: number])[] {
  return Object.entries(logs).map(([name, value]) => [`${prefix}${name}`, value] as const);
}

/** Waits for all. A failure that nobody waits for any more does no harm. */
function settled(work: readonly Promise<void>[]): Promise<unknown> {
  const all = Promise.all(work);
  all.catch(() => {});
  return all;
}
