import { wasmSimdBackend } from '@gradstream/backend-wasm';
import { findBatchSize, type BatchSizeTried } from '@gradstream/callbacks';
import { fromArrays } from '@gradstream/datasets';
import { batchNormalization, dense, dropout, sequential, type Model } from '@gradstream/layers';
import { compile, type Trainer } from '@gradstream/trainer';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';

/** A backend with 64 MiB: batches of some thousands do not fit. A process of its own, since it is not the backend of others. */
beforeAll(() => wasmSimdBackend({ memoryLimit: 2 ** 26, threads: 1 }).start());

const rows = (count: number) =>
  fromArrays({
    x: { dtype: 'float32', shape: [count, 4], values: Float32Array.from({ length: 4 * count }, (_, i) => Math.sin(i)) },
    y: { dtype: 'int32', shape: [count], values: Int32Array.from({ length: count }, (_, i) => i % 2) },
  });
const network = (): Model =>
  sequential(
    [
      dense(512, { activation: 'relu', inputShape: [4] }),
      batchNormalization(),
      dropout(0.2),
      dense(2, { activation: 'softmax' }),
    ],
    { seed: 1 },
  );
const trainerOf = (model: Model): Trainer =>
  compile(model, { optimizer: 'adam', loss: 'sparseCategoricalCrossentropy' });

describe('findBatchSize', () => {
  const data = rows(1 << 16);
  const train = rows(256).batch(32);

  it('finds the largest that there is memory for, and leaves everything as it was, bit for bit', async () => {
    const [searched, plain] = [network(), network()];
    const [searching, training] = [trainerOf(searched), trainerOf(plain)];
    for (const trainer of [searching, training]) await trainer.fit(train, { epochs: 1 });
    const tried: BatchSizeTried[] = [];
    const run = findBatchSize(searching, (size) => data.batch(size), { mode: 'binsearch', from: 1024, maxTrials: 8 });
    run.events$.subscribe((event) => tried.push(event));
    const { batchSize, trials, reason } = await run;
    const fits = trials.filter((trial) => trial.fits).map((trial) => trial.batchSize);
    const fails = trials.filter((trial) => !trial.fits).map((trial) => trial.batchSize);
    expect(batchSize).toBe(Math.max(...fits));
    expect(Math.min(...fails)).toBeGreaterThan(batchSize!);
    expect(trials.find((trial) => !trial.fits)!.message).toContain('GS_BACKEND_MEMORY');
    expect(['memory', 'maxTrials']).toContain(reason);
    expect(tried.map((event) => event.batchSize)).toEqual(trials.map((trial) => trial.batchSize));
    expect(tried.at(-1)!.next).toBeNull();
    // The trainer keeps the tensor of its step counter once a step has failed.
    const { numTensors } = tf.memory();
    await findBatchSize(searching, (size) => data.batch(size), { from: 4096 });
    expect(tf.memory().numTensors).toBe(numTensors);
    expect(searching.steps).toBe(training.steps);
    for (const trainer of [searching, training]) await trainer.fit(train, { initialEpoch: 1, epochs: 2 });
    expect(await searched.getWeights()).toEqual(await plain.getWeights());
  });

  it('finds the fastest', async () => {
    const options = { mode: 'throughput', from: 1, to: 64, stepsPerTrial: 15 } as const;
    const { batchSize, trials } = await findBatchSize(trainerOf(network()), (size) => data.batch(size), options);
    expect(trials.every(({ samplesPerSecond }) => samplesPerSecond! > 0)).toBe(true);
    expect(batchSize).toBeGreaterThan(4);
  });

  it('says that nothing fits', async () => {
    const model = network();
    const trainer = trainerOf(model);
    await trainer.fit(train, { epochs: 1 });
    const before = await model.getWeights();
    const hogs: tf.Tensor[] = [];
    for (const size of [2 ** 20, 2 ** 12, 2 ** 6]) {
      try {
        for (;;) hogs.push(tf.ones([size]));
      } catch {
        // Full, for this size.
      }
    }
    const search = findBatchSize(trainer, (size) => data.batch(size), { from: 4 });
    await expect(search).rejects.toMatchObject({
      code: 'GS_CALLBACK_BATCH_SIZE',
      received: expect.stringMatching(/^batches of 1: GS_BACKEND_MEMORY/),
    });
    tf.dispose(hogs);
    expect(await model.getWeights()).toEqual(before);
  });

  it('stops when it is told to, with what was found', async () => {
    const run = findBatchSize(trainerOf(network()), (size) => data.batch(size), { from: 1 });
    run.events$.subscribe(({ batchSize }) => batchSize === 4 && run.stop());
    expect(await run).toMatchObject({ batchSize: 4, reason: 'stopped' });
  });

  it('rejects with the error of a training that failed for another reason', async () => {
    const trainer = trainerOf(network());
    const none = (size: number) => data.batch(size).map(({ x }) => ({ x }));
    await expect(findBatchSize(trainer, none)).rejects.toMatchObject({ code: 'GS_TRAIN_TARGETS' });
    const broken = (): never => {
      throw new RangeError('no such file');
    };
    await expect(findBatchSize(trainer, broken)).rejects.toThrow('no such file');
    expect(() => findBatchSize(trainer, 32 as never)).toThrow(/GS_OPTION_TYPE/);
    expect(() => findBatchSize(trainer, none, { form: 2 } as never)).toThrow(/GS_OPTION_UNKNOWN.*from/s);
  });
});
