import { csvLogger, jsonLogger } from '@gradstream/callbacks/node';
import type { Callback } from '@gradstream/core';
import { syntheticDigits } from '@gradstream/datasets';
import { dense, flatten, sequential } from '@gradstream/layers';
import { compile, memoryCheckpoints, type BatchSource, type CheckpointStore } from '@gradstream/trainer';
import { useBackend } from 'gradstream';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

let data: BatchSource;
let folder: string;
beforeAll(async () => {
  await useBackend('cpu');
  const { train } = await syntheticDigits({ seed: 1, train: 64, test: 1 });
  data = train.batch(16) as BatchSource;
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'logs-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A training of four epochs of four steps, which goes on from where it was. `end` is the step after which it is stopped, and `life` the checkpoints that are written. */
async function train(store: CheckpointStore, callbacks: readonly Callback[], end = Infinity, life = Infinity) {
  let left = life;
  const dying: CheckpointStore = {
    ...store,
    // A process that is dead writes nothing more.
    write: (...files) => (left-- > 0 ? store.write(...files) : Promise.reject(new Error('dead'))),
  };
  const model = sequential([flatten({ inputShape: [28, 28] }), dense(10, { activation: 'softmax' })], { seed: 1 });
  const trainer = compile(model, { optimizer: 'sgd', loss: 'sparseCategoricalCrossentropy' });
  const run = trainer.fit(data, {
    epochs: 4,
    logEvery: 1,
    callbacks,
    checkpointStore: dying,
    saveEvery: { steps: 3 },
    resumeFrom: 'latest',
  });
  run.events$.subscribe((event) => event.type === 'stepEnd' && event.globalStep === end && run.stop());
  await run;
  trainer.dispose();
  model.dispose();
}

const linesOf = (path: string): string[] => readFileSync(path, 'utf8').split(/\r?\n/);

describe('logs of a training that goes on from a checkpoint older than its end', () => {
  it.each([false, true])('csvLogger has each epoch once, append: %j', async (append) => {
    const [whole, cut] = ['whole', 'cut'].map((name) => join(folder, `${name}.csv`)) as [string, string];
    if (append) for (const path of [whole, cut]) writeFileSync(path, 'epoch,loss\r\n7,0.5\r\n');
    const logger = (path: string): Callback => csvLogger(path, { append });
    await train(memoryCheckpoints(), [logger(whole)]);
    const store = memoryCheckpoints();
    // Checkpoints after the steps 3 and 6, in the second epoch; lines of three epochs are there.
    await train(store, [logger(cut)], 13, 2);
    expect(linesOf(cut).length).toBeGreaterThanOrEqual(append ? 6 : 5);
    appendFileSync(cut, '3,0.1');
    await train(store, [logger(cut)]);
    expect(linesOf(cut)).toEqual(linesOf(whole));
  });

  it('jsonLogger has each event once, also those that nobody had written when the checkpoint was made', async () => {
    const [whole, cut] = ['whole', 'cut'].map((name) => join(folder, `${name}.jsonl`)) as [string, string];
    const events = (path: string): unknown[] =>
      linesOf(path)
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as { type: string; time: number })
        .map(({ time: _, ...event }) => event);
    const logger = (path: string): Callback => jsonLogger(path, { events: ['stepEnd', 'epochEnd'] });
    await train(memoryCheckpoints(), [logger(whole)]);
    const store = memoryCheckpoints();
    await train(store, [logger(cut)], 13, 2);
    appendFileSync(cut, '{"type":"stepE');
    await train(store, [logger(cut)]);
    expect(events(cut)).toEqual(events(whole));
    expect(events(whole)).toHaveLength(20);
  });

  it('refuse a state that is none of theirs', () => {
    const path = join(folder, 'x');
    expect(() => csvLogger(path).restore!({ bytes: 'all' })).toThrow(/GS_CALLBACK_STATE/);
    expect(() => jsonLogger(path).restore!({ bytes: -1, lines: { waiting: '' } })).toThrow(/GS_CALLBACK_STATE/);
    expect(() => jsonLogger(path).restore!({ bytes: 1, lines: null })).toThrow(/GS_CALLBACK_STATE/);
  });
});
