import type { Logs, TrainingCommand, TrainingEvent } from '@gradstream/core';
import { eventWriter, readScalars, type EventSink, type EventWriter } from '@gradstream/tensorboard';
import { Subject } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { tensorBoardTo, type TensorBoardOptions, type TensorBoardRun } from './tensor-board.js';

/** A run's sink in memory. */
class MemorySink implements EventSink {
  readonly chunks: Uint8Array[] = [];
  closed = 0;
  failing = false;

  write(bytes: Uint8Array): Promise<void> {
    if (this.failing) return Promise.reject(new Error('no space left'));
    this.chunks.push(bytes);
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.closed++;
    return Promise.resolve();
  }
}

/** Plays events to a callback, as a trainer would: waits for what it holds for. */
class Stage {
  readonly sinks = new Map<TensorBoardRun, MemorySink>();
  readonly commands: TrainingCommand[] = [];
  readonly #events = new Subject<TrainingEvent>();
  readonly #subscription;
  #answered = 0;
  #step = 0;
  /** Milliseconds; moves by hand alone. */
  time = 1_700_000_000_000;
  completed = false;

  constructor(options?: TensorBoardOptions) {
    const writerOf = (run: TensorBoardRun): EventWriter => {
      const sink = new MemorySink();
      this.sinks.set(run, sink);
      return eventWriter(sink);
    };
    const commands$ = tensorBoardTo(writerOf, options)(this.#events);
    this.#subscription = commands$.subscribe({
      next: (command) => this.commands.push(command),
      complete: () => (this.completed = true),
    });
  }

  async play(event: Record<string, unknown>): Promise<void> {
    this.#events.next({ time: this.time, ...event } as TrainingEvent);
    for (; this.#answered < this.commands.length; this.#answered++) {
      const command = this.commands[this.#answered]!;
      expect(command.type).toBe('hold');
      await (command as { until?: Promise<unknown> }).until;
    }
  }

  begin = (): Promise<void> => this.play({ type: 'trainBegin' });

  async epoch(epoch: number, stepLogs: readonly (Logs | undefined)[], logs: Logs, validation?: Logs): Promise<void> {
    await this.play({ type: 'epochBegin', epoch });
    for (const [step, own] of stepLogs.entries()) {
      this.time += 100;
      await this.play({
        type: 'stepEnd',
        epoch,
        step,
        globalStep: this.#step++,
        batchSize: 8,
        ...(own === undefined ? {} : { logs: own }),
      });
    }
    if (validation !== undefined) {
      await this.play({ type: 'validationBegin', epoch });
      await this.play({ type: 'validationEnd', epoch, globalStep: this.#step, logs: validation });
    }
    await this.play({
      type: 'epochEnd',
      epoch,
      steps: stepLogs.length,
      globalStep: this.#step,
      logs,
      learningRate: 0.125,
    });
  }

  startAt(step: number): void {
    this.#step = step;
  }

  end = (): Promise<void> => this.play({ type: 'trainEnd', reason: 'completed' });
  complete = (): void => this.#events.complete();
  drop = (): void => this.#subscription.unsubscribe();

  /** Tags with their points as [step, value]. */
  async curves(run: TensorBoardRun): Promise<Record<string, [number, number][]>> {
    const curves = await readScalars(this.sinks.get(run)?.chunks ?? []);
    return Object.fromEntries(
      [...curves].map(([tag, points]) => [tag, points.map(({ step, value }) => [step, value])]),
    );
  }
}

const loss = (value: number): Logs => ({ loss: value });

describe('tensorBoardTo', () => {
  it("writes epochs with Keras' tags, runs and steps", async () => {
    const stage = new Stage();
    await stage.begin();
    await stage.epoch(
      0,
      [loss(9), loss(8)],
      { loss: 2, accuracy: 0.5, val_loss: 3, val_accuracy: 0.25 },
      { loss: 3, accuracy: 0.25 },
    );
    await stage.epoch(
      1,
      [loss(7), loss(6)],
      { loss: 1, accuracy: 0.75, val_loss: 2, val_accuracy: 0.5 },
      { loss: 2, accuracy: 0.5 },
    );
    await stage.end();
    expect(await stage.curves('train')).toEqual({
      epoch_loss: [
        [0, 2],
        [1, 1],
      ],
      epoch_accuracy: [
        [0, 0.5],
        [1, 0.75],
      ],
      epoch_learning_rate: [
        [0, 0.125],
        [1, 0.125],
      ],
    });
    expect(await stage.curves('validation')).toEqual({
      evaluation_loss_vs_iterations: [
        [2, 3],
        [4, 2],
      ],
      evaluation_accuracy_vs_iterations: [
        [2, 0.25],
        [4, 0.5],
      ],
      epoch_loss: [
        [0, 3],
        [1, 2],
      ],
      epoch_accuracy: [
        [0, 0.25],
        [1, 0.5],
      ],
    });
  });

  it('asks for no writer that it does not need', async () => {
    const stage = new Stage();
    await stage.begin();
    expect([...stage.sinks.keys()]).toEqual([]);
    await stage.epoch(0, [loss(1)], loss(1));
    await stage.end();
    expect([...stage.sinks.keys()]).toEqual(['train']);
  });

  it('writes every batch, 1-based, with its time', async () => {
    const stage = new Stage({ updateFreq: 'batch' });
    await stage.begin();
    await stage.epoch(0, [loss(4), loss(3)], loss(3));
    await stage.epoch(1, [loss(2)], loss(2));
    await stage.end();
    expect((await stage.curves('train'))['batch_loss']).toEqual([
      [1, 4],
      [2, 3],
      [3, 2],
    ]);
    const points = (await readScalars(stage.sinks.get('train')!.chunks)).get('batch_loss')!;
    expect(points.map(({ time }) => time - 1_700_000_000_000)).toEqual([100, 200, 300]);
  });

  it('writes every nth batch, over the ends of epochs', async () => {
    const stage = new Stage({ updateFreq: 3 });
    await stage.begin();
    await stage.epoch(0, [1, 2, 3, 4].map(loss), loss(0));
    await stage.epoch(1, [5, 6, 7, 8, 9, 10].map(loss), loss(0));
    await stage.end();
    expect((await stage.curves('train'))['batch_loss']).toEqual([
      [3, 3],
      [6, 6],
      [9, 9],
    ]);
  });

  it('takes the first values at or after the batch that is due', async () => {
    const stage = new Stage({ updateFreq: 2 });
    await stage.begin();
    await stage.epoch(0, [loss(1), undefined, loss(3), loss(4), undefined, undefined, loss(7)], loss(0));
    await stage.end();
    expect((await stage.curves('train'))['batch_loss']).toEqual([
      [3, 3],
      [4, 4],
      [7, 7],
    ]);
  });

  it('keeps the rhythm when training goes on from a later step', async () => {
    const stage = new Stage({ updateFreq: 4 });
    stage.startAt(1001);
    await stage.begin();
    await stage.epoch(5, [1, 2, 3, 4].map(loss), loss(0));
    await stage.end();
    expect((await stage.curves('train'))['batch_loss']).toEqual([[1004, 3]]);
  });

  it('writes speeds when asked', async () => {
    const stage = new Stage({ updateFreq: 2, writeStepsPerSecond: true });
    await stage.begin();
    await stage.epoch(0, [1, 2, 3, 4].map(loss), loss(1));
    await stage.end();
    const { epoch_steps_per_second: epoch, batch_steps_per_second: batch } = await stage.curves('train');
    expect(epoch).toEqual([[0, 10]]);
    expect(batch).toEqual([
      [2, 10],
      [4, 10],
    ]);
  });

  it('leaves out a learning rate that there is none of', async () => {
    const stage = new Stage();
    await stage.play({ type: 'epochEnd', epoch: 0, steps: 1, globalStep: 1, logs: loss(1), learningRate: null });
    await stage.end();
    expect(Object.keys(await stage.curves('train'))).toEqual(['epoch_loss']);
  });

  it('keeps a loss that is no number', async () => {
    const stage = new Stage();
    await stage.epoch(0, [loss(1)], loss(Number.NaN));
    expect((await stage.curves('train'))['epoch_loss']).toEqual([[0, Number.NaN]]);
  });

  it('holds training while epochs are stored, and once a second inside them', async () => {
    const stage = new Stage({ updateFreq: 'batch' });
    await stage.begin();
    await stage.epoch(
      0,
      Array.from({ length: 25 }, (_, i) => loss(i)),
      loss(0),
    );
    // 25 steps of 100 ms: at 1.0 s and 2.0 s, and at the epoch's end.
    expect(stage.commands).toHaveLength(3);
    expect(stage.sinks.get('train')!.chunks).toHaveLength(3);
    await stage.end();
    expect(stage.commands).toHaveLength(4);
  });

  it('holds before much is waiting, however fast the steps are', async () => {
    const stage = new Stage({ updateFreq: 'batch' });
    await stage.begin();
    for (let step = 0; step < 4000; step++)
      await stage.play({ type: 'stepEnd', epoch: 0, step, globalStep: step, batchSize: 1, logs: loss(step) });
    const { chunks } = stage.sinks.get('train')!;
    expect(chunks.length).toBeGreaterThan(1);
    for (const chunk of chunks) expect(chunk.length).toBeLessThan(2 ** 16 + 200);
  });

  it('closes at the end of training, and when it is dropped', async () => {
    const ended = new Stage();
    await ended.epoch(0, [loss(1)], loss(1));
    await ended.end();
    expect(ended.sinks.get('train')!.closed).toBe(1);
    ended.complete();
    expect(ended.completed).toBe(true);

    const dropped = new Stage();
    await dropped.epoch(0, [loss(1)], loss(1));
    dropped.drop();
    await new Promise((resolve) => setTimeout(resolve, 0));
    expect(dropped.sinks.get('train')!.closed).toBe(1);
  });

  it('fails what it holds training for when the disk is full', async () => {
    const stage = new Stage();
    await stage.epoch(0, [loss(1)], loss(1));
    stage.sinks.get('train')!.failing = true;
    await expect(stage.epoch(1, [loss(1)], loss(1))).rejects.toMatchObject({ code: 'GS_EVENT_SINK' });
  });

  it('can serve several trainings, each with files of its own', async () => {
    const made: TensorBoardRun[] = [];
    const callback = tensorBoardTo((run) => {
      made.push(run);
      return eventWriter(new MemorySink());
    });
    for (let fit = 0; fit < 2; fit++) {
      const events = new Subject<TrainingEvent>();
      callback(events).subscribe();
      events.next({ type: 'epochEnd', time: 0, epoch: 0, steps: 1, globalStep: 1, logs: loss(1), learningRate: null });
      events.complete();
    }
    expect([callback.name, made]).toEqual(['tensorBoard', ['train', 'train']]);
  });

  it.each<[string, unknown, string]>([
    ['a misspelt option', { updateFrequency: 1 }, 'GS_OPTION_UNKNOWN'],
    ["Keras' name for it", { update_freq: 'batch' }, 'GS_OPTION_UNKNOWN'],
    ['a frequency of 0', { updateFreq: 0 }, 'GS_OPTION_VALUE'],
    ['a frequency of 1.5', { updateFreq: 1.5 }, 'GS_OPTION_VALUE'],
    ['a frequency that is a word', { updateFreq: 'epochs' }, 'GS_OPTION_VALUE'],
    ['a speed that is no boolean', { writeStepsPerSecond: 1 }, 'GS_OPTION_VALUE'],
    ['options that are none', 'batch', 'GS_OPTION_TYPE'],
  ])('refuses %s', (_, options, code) => {
    const work = (): unknown => tensorBoardTo(() => eventWriter(new MemorySink()), options as TensorBoardOptions);
    expect(work).toThrow(expect.objectContaining({ code }));
  });
});
