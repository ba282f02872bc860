import {
  findLearningRate,
  gradientAccumulationScheduler,
  lossCurves,
  modelCheckpoint,
  stochasticWeightAveraging,
  throughput,
  type ThroughputReport,
} from '@gradstream/callbacks';
import { svgFile } from '@gradstream/callbacks/node';
import type { TrainingEvent } from '@gradstream/core';
import { syntheticDigits } from '@gradstream/datasets';
import { batchNormalization, dense, dropout, flatten, sequential, type Model } from '@gradstream/layers';
import { adam } from '@gradstream/optimizers';
import { exponentialDecay } from '@gradstream/optimizers/schedules';
import { compile, memoryCheckpoints, type BatchSource, type Trainer } from '@gradstream/trainer';
import { readWeights, weightFiles } from '@gradstream/trainer/node';
import * as tf from '@tensorflow/tfjs-core';
import { useBackend } from 'gradstream';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';

let train: BatchSource;
let test: BatchSource;
beforeAll(async () => {
  await useBackend('cpu');
  const digits = await syntheticDigits({ seed: 1, train: 320, test: 64 });
  [train, test] = [digits.train.shuffle(320, { seed: 3 }).batch(32), digits.test.batch(32)] as [
    BatchSource,
    BatchSource,
  ];
});

const network = (): Model =>
  sequential(
    [
      flatten({ inputShape: [28, 28] }),
      dense(16, { activation: 'relu' }),
      batchNormalization(),
      dropout(0.2),
      dense(10, { activation: 'softmax' }),
    ],
    { seed: 1 },
  );
const trainerOf = (model: Model, optimizer = adam()): Trainer =>
  compile(model, { optimizer, loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });

describe('callbacks in a training', () => {
  it('findLearningRate suggests a rate that learns, and leaves everything as it was, bit for bit', async () => {
    const [searched, plain] = [network(), network()];
    const [searching, training] = [trainerOf(searched), trainerOf(plain)];
    for (const trainer of [searching, training]) await trainer.fit(train, { epochs: 1 });
    const { suggestion, rates, svg, text } = await findLearningRate(searching, train, {
      steps: 40,
      from: 1e-6,
      to: 10,
      smoothing: 0.9,
    });
    expect(suggestion).toBeGreaterThan(1e-5);
    expect(suggestion).toBeLessThan(3);
    expect(rates.length).toBeGreaterThan(10);
    expect(svg).toContain('suggestion');
    expect(text()).toContain('Loss by learning rate');
    expect(searching.steps).toBe(training.steps);
    const { numTensors } = tf.memory();
    await findLearningRate(searching, train, { steps: 12 });
    expect(tf.memory().numTensors).toBe(numTensors);
    for (const trainer of [searching, training]) await trainer.fit(train, { initialEpoch: 1, epochs: 2 });
    expect(await searched.getWeights()).toEqual(await plain.getWeights());
  });

  it('findLearningRate trains nothing under an optimizer that follows a schedule', async () => {
    const model = network();
    const before = await model.getWeights();
    const schedule = exponentialDecay({ initialLearningRate: 0.1, decaySteps: 10, decayRate: 0.5 });
    const search = findLearningRate(trainerOf(model, adam({ learningRate: schedule })), train);
    await expect(search).rejects.toMatchObject({ code: 'GS_CALLBACK_RATE' });
    expect(await model.getWeights()).toEqual(before);
  });

  it('modelCheckpoint keeps the best few as files that come back', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'checkpoints-'));
    try {
      const model = network();
      const checkpoints = modelCheckpoint('{epoch:02d}-{val_loss:.4f}', { saveTopK: 2, saveLast: true });
      const losses: number[] = [];
      const run = trainerOf(model).fit(train, {
        epochs: 5,
        validationData: test,
        callbacks: [checkpoints],
        checkpointSink: weightFiles(folder),
      });
      const { history } = await run;
      losses.push(...history['val_loss']!);
      const best = losses
        .map((loss, epoch) => ({ loss, name: `0${epoch + 1}-${loss.toFixed(4)}` }))
        .toSorted((a, b) => a.loss - b.loss);
      const names = [...best.slice(0, 2).map(({ name }) => name), 'last'].map((name) => `${name}.safetensors`);
      expect((await readdir(folder)).toSorted()).toEqual(names.toSorted());
      expect(checkpoints.bestName).toBe(best[0]!.name);
      const again = network();
      again.setWeights(await readWeights(join(folder, `${checkpoints.bestName}.safetensors`)));
      expect((await trainerOf(again).evaluate(test))['loss']).toBeCloseTo(best[0]!.loss, 6);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('modelCheckpoint keeps the best few in a store, and training goes on from what it saved, to the bit', async () => {
    const program = async (options: Parameters<Trainer['fit']>[1]) => {
      const model = network();
      const checkpoints = modelCheckpoint('e{epoch}', { saveTopK: 2, contents: 'all' });
      const { history } = await trainerOf(model).fit(train, {
        epochs: 5,
        validationData: test,
        callbacks: [checkpoints],
        ...options,
      });
      return { history, weights: await model.getWeights(), best: checkpoints.bestName };
    };
    const store = memoryCheckpoints();
    // Weights alone have their own place: they do not get in the way.
    const whole = await program({ checkpointStore: store, checkpointSink: () => Promise.reject(new Error('unasked')) });
    const best = whole.history['val_loss']!.map((loss, epoch) => ({ loss, label: `e${epoch + 1}` }))
      .toSorted((a, b) => a.loss - b.loss)
      .map(({ label }) => label);
    const names = await store.list();
    expect(names.map((name) => name.replace(/-\d{6}$/, '')).toSorted()).toEqual(best.slice(0, 2).toSorted());
    for (const resumeFrom of ['e1-000001', 'latest']) {
      const early = memoryCheckpoints();
      await program({ epochs: 2, checkpointStore: early });
      expect(await program({ checkpointStore: early, resumeFrom })).toEqual(whole);
    }
  });

  it('stochasticWeightAveraging gives a model that works, normalization included; accumulation, curves and throughput run beside', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'curves-'));
    try {
      const model = network();
      const trainer = trainerOf(model);
      const reports: ThroughputReport[] = [];
      const curves = lossCurves({ every: 1, svg: svgFile(join(folder, 'loss.svg')) });
      const events: TrainingEvent[] = [];
      const run = trainer.fit(train, {
        epochs: 6,
        validationData: test,
        callbacks: [
          stochasticWeightAveraging({ startEpoch: 3, learningRate: 0.0005, annealingEpochs: 2 }),
          gradientAccumulationScheduler({ 0: 1, 2: 2 }),
          throughput({ every: 5, sink: (report) => reports.push(report) }),
          curves,
        ],
      });
      run.events$.subscribe((event) => events.push(event));
      const { history } = await run;
      expect(events.filter(({ type }) => type === 'callbackFailed')).toEqual([]);
      const { loss } = await trainer.evaluate(test);
      // The mean of the last epochs is as good as they are, which it is not with the statistics of other weights.
      expect(loss).toBeLessThan(1.15 * history['val_loss']!.at(-1)!);
      expect(reports.length).toBeGreaterThan(8);
      expect(reports.every(({ samplesPerSecond, tensors }) => samplesPerSecond > 1 && tensors > 10)).toBe(true);
      expect(curves.training).toHaveLength(60);
      expect(curves.validation).toHaveLength(6);
      expect(await readFile(join(folder, 'loss.svg'), 'utf8')).toBe(curves.svg());
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
