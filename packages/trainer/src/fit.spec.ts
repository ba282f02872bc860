import '@tensorflow/tfjs-backend-cpu';
import { ofType } from '@gradstream/core';
import { fromArrays } from '@gradstream/datasets';
import { dense, sequential } from '@gradstream/layers';
import { sgd } from '@gradstream/optimizers';
import * as tf from '@tensorflow/tfjs-core';
import { filter } from 'rxjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { network, points, trainerOf, watch } from '../fixtures/two-classes.js';
import { compile } from './compile.js';
import type { BatchSource } from './internal/batch-source.js';

beforeAll(() => tf.setBackend('cpu'));

describe('fit', () => {
  it('states its facts in order', async () => {
    const { events, history } = await watch(trainerOf(), points(64, 32), {
      epochs: 2,
      validationData: points(20, 16),
      logEvery: 1,
    });
    const epoch = ['epochBegin', 'stepEnd', 'stepEnd', 'validationBegin', 'validationEnd', 'epochEnd'];
    expect(events.map(({ type }) => type)).toEqual(['trainBegin', ...epoch, ...epoch, 'trainEnd']);
    expect(events[0]).toMatchObject({
      epochs: 2,
      initialEpoch: 0,
      stepsPerEpoch: 2,
      metricNames: ['loss', 'accuracy', 'val_loss', 'val_accuracy'],
      model: { parameters: 42 },
    });
    expect(
      events
        .filter((event) => event.type === 'stepEnd')
        .map(({ epoch: e, step, globalStep, batchSize }) => [e, step, globalStep, batchSize]),
    ).toEqual([
      [0, 0, 0, 32],
      [0, 1, 1, 32],
      [1, 0, 2, 32],
      [1, 1, 3, 32],
    ]);
    expect(history).toMatchObject({ epoch: [0, 1], reason: 'completed' });
    expect(Object.keys(history.history)).toEqual(['loss', 'accuracy', 'val_loss', 'val_accuracy']);
    expect(JSON.parse(JSON.stringify(events))).toEqual(events);
  });

  it('learns', async () => {
    const { history } = await trainerOf().fit(points(256, 8), { epochs: 15 });
    expect(history.loss!.at(-1)).toBeLessThan(history.loss![0]! / 2);
    expect(history.accuracy!.at(-1)).toBeGreaterThan(0.9);
  });

  it('gives the same numbers for the same seed, and others for another', async () => {
    const losses = async (seed: number): Promise<unknown> =>
      (await trainerOf(network(seed)).fit(points(96, 16), { epochs: 3 })).history;
    expect(await losses(4)).toEqual(await losses(4));
    expect(await losses(4)).not.toEqual(await losses(5));
  });

  it('means are over samples: a short last batch weighs what it holds', async () => {
    const model = sequential([dense(1, { inputShape: [1], useBias: false, kernelInitializer: 'zeros' })]);
    const trainer = compile(model, { optimizer: sgd({ learningRate: 0 }), loss: 'meanSquaredError' });
    const data = fromArrays({
      x: { dtype: 'float32', shape: [3, 1], values: Float32Array.of(1, 1, 1) },
      y: { dtype: 'float32', shape: [3, 1], values: Float32Array.of(1, 2, 6) },
    }).batch(2);
    const { history } = await trainer.fit(data);
    expect(history.loss![0]).toBeCloseTo((1 + 4 + 36) / 3, 5);
    expect((await trainer.evaluate(data)).loss).toBeCloseTo((1 + 4 + 36) / 3, 5);
  });

  it('adds regularization to the loss, in validation too', async () => {
    const model = sequential([
      dense(1, {
        inputShape: [1],
        useBias: false,
        kernelInitializer: 'ones',
        kernelRegularizer: (w) => tf.mul(3, tf.sum(tf.square(w))) as tf.Scalar,
      }),
    ]);
    const trainer = compile(model, { optimizer: sgd({ learningRate: 0 }), loss: 'meanSquaredError' });
    const data = fromArrays({
      x: { dtype: 'float32', shape: [1, 1], values: Float32Array.of(1) },
      y: { dtype: 'float32', shape: [1, 1], values: Float32Array.of(1) },
    }).batch(1);
    const { history } = await trainer.fit(data, { validationData: data });
    expect([history.loss![0], history.val_loss![0]]).toEqual([3, 3]);
    model.freeze();
    expect((await trainer.evaluate(data)).loss).toBe(0);
  });

  it('keeps constraints after every step', async () => {
    const model = sequential(
      [dense(4, { inputShape: [2], kernelConstraint: 'nonNegative' }), dense(2, { activation: 'softmax' })],
      { seed: 2 },
    );
    const trainer = compile(model, { optimizer: sgd({ learningRate: 0.5 }), loss: 'sparseCategoricalCrossentropy' });
    await trainer.fit(points(64, 8), { epochs: 2 });
    const { values } = (await model.getWeights())['dense/kernel']!;
    expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
  });

  it('trains only what is trainable', async () => {
    const model = network();
    model.freeze('dense');
    const before = await model.getWeights();
    await trainerOf(model).fit(points(64, 16));
    const after = await model.getWeights();
    expect(after['dense/kernel']).toEqual(before['dense/kernel']);
    expect(after['dense_1/kernel']).not.toEqual(before['dense_1/kernel']);
  });

  it('keeps the number of tensors flat over 200 steps', async () => {
    const start = tf.memory().numTensors;
    const trainer = trainerOf();
    const counts: number[] = [];
    const run = trainer.fit(points(64, 8), { epochs: 25, validationData: points(16, 8) });
    run.events$.subscribe((event) => event.type === 'epochEnd' && counts.push(tf.memory().numTensors));
    await run;
    expect(trainer.steps).toBe(200);
    expect(new Set(counts.slice(1)).size).toBe(1);
    trainer.dispose();
    trainer.model.dispose();
    expect(tf.memory().numTensors).toBe(start);
  });

  it('goes on with endless data in epochs of a given length, and counts on from an initial epoch', async () => {
    const endless = (points(64, 16) as ReturnType<ReturnType<typeof fromArrays>['batch']>).repeat();
    const { events, history } = await watch(trainerOf(), endless as BatchSource, {
      initialEpoch: 3,
      epochs: 5,
      stepsPerEpoch: 6,
    });
    expect(history.epoch).toEqual([3, 4]);
    expect(events.filter(({ type }) => type === 'stepEnd')).toHaveLength(12);
    const finite = await trainerOf().fit(points(64, 16), { epochs: 2, stepsPerEpoch: 6 });
    expect(finite.epoch).toEqual([0, 1]);
  });

  it('ends after the step in hand when it is asked to stop, and resolves', async () => {
    const trainer = trainerOf();
    const run = trainer.fit(points(64, 8), { epochs: 1000, validationData: points(16, 8) });
    run.events$
      .pipe(
        ofType('stepEnd'),
        filter(({ globalStep }) => globalStep === 10),
      )
      .subscribe(() => run.stop('enough'));
    const history = await run;
    expect(trainer.steps).toBe(11);
    expect(history).toMatchObject({ reason: 'stopped', message: 'enough', epoch: [0, 1] });
    expect(history.history.val_loss).toHaveLength(1);
  });

  it('lets timers run while it trains', async () => {
    let ticks = 0;
    const timer = setInterval(() => ticks++, 5);
    const run = trainerOf().fit(points(512, 8), { epochs: 8 });
    await run;
    clearInterval(timer);
    expect(ticks).toBeGreaterThan(2);
  });
});
