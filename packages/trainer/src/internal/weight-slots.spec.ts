import '@tensorflow/tfjs-backend-cpu';
import { defineCallback, type Callback, type TrainingCommand, type TrainingEvent } from '@gradstream/core';
import type { Model } from '@gradstream/layers';
import { adam } from '@gradstream/optimizers';
import { expectAllClose } from '@gradstream/testing';
import * as tf from '@tensorflow/tfjs-core';
import { concatMap } from 'rxjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { network, points, watch } from '../../fixtures/two-classes.js';
import { compile } from '../compile.js';

beforeAll(() => tf.setBackend('cpu'));

const asking = (answer: (event: TrainingEvent) => readonly TrainingCommand[]): Callback =>
  defineCallback('asking', (events$) => events$.pipe(concatMap(answer)));
const kernel = (model: Model): number[] => [...model.tensors['dense/kernel']!.dataSync()];
const options = { optimizer: 'adam', loss: 'sparseCategoricalCrossentropy' } as const;

describe('keepWeights', () => {
  it('with a share moves a slot towards the weights: 1 / n makes the plain mean', async () => {
    const model = network();
    const seen: number[][] = [];
    const mean = asking((event) => {
      if (event.type === 'trainEnd') return [{ type: 'restoreWeights', slot: 'mean' }];
      if (event.type !== 'epochEnd') return [];
      seen.push(kernel(model));
      return [{ type: 'keepWeights', slot: 'mean', share: 1 / seen.length }];
    });
    await compile(model, options).fit(points(64, 16), { epochs: 3, callbacks: [mean] });
    expectAllClose(
      kernel(model),
      seen[0]!.map((_, index) => seen.reduce((sum, values) => sum + values[index]! / 3, 0)),
    );
  });

  it('from averages takes the optimizer’s running means of what trains, and the model’s other weights', async () => {
    const model = network();
    const momentum = 0.5;
    const means: number[] = [];
    const average = asking((event) => {
      if (event.type === 'stepEnd')
        kernel(model).forEach((value, index) => {
          means[index] = event.globalStep === 0 ? value : means[index]! * momentum + value * (1 - momentum);
        });
      if (event.type !== 'trainEnd') return [];
      return [
        { type: 'keepWeights', slot: 'means', from: 'averages' },
        { type: 'restoreWeights', slot: 'means' },
      ];
    });
    model.freeze('dense_1/bias');
    const bias = [...model.tensors['dense_1/bias']!.dataSync()];
    const trainer = compile(model, { ...options, optimizer: adam({ useEma: true, emaMomentum: momentum }) });
    await trainer.fit(points(64, 16), { epochs: 2, callbacks: [average] });
    expectAllClose(kernel(model), means);
    expect([...model.tensors['dense_1/bias']!.dataSync()]).toEqual(bias);
  });

  it('with the optimizer undoes training: what follows is bit for bit what would have come', async () => {
    const [tried, plain] = [network(), network()];
    const undo = asking((event) => {
      if (event.type === 'trainBegin') return [{ type: 'keepWeights', slot: 'before', optimizer: true }];
      return event.type === 'trainEnd' ? [{ type: 'restoreWeights', slot: 'before' }] : [];
    });
    const data = points(64, 16);
    const [trying, training] = [compile(tried, options), compile(plain, options)];
    for (const trainer of [trying, training]) await trainer.fit(data, { epochs: 1 });
    await trying.fit(data, {
      epochs: 2,
      callbacks: [asking((e) => (e.type === 'trainBegin' ? [{ type: 'setLearningRate', value: 10 }] : [])), undo],
    });
    expect(trying.steps).toBe(4);
    // The rate was set before the copy was made, so it is a part of it.
    const rate = asking((e) => (e.type === 'trainBegin' ? [{ type: 'setLearningRate', value: 0.001 }] : []));
    for (const trainer of [trying, training]) await trainer.fit(data, { epochs: 2, callbacks: [rate] });
    expect(kernel(tried)).toEqual(kernel(plain));
  });

  it('leaks no tensor', async () => {
    const model = network();
    const trainer = compile(model, { ...options, optimizer: adam({ useEma: true }) });
    const busy = asking((event): TrainingCommand[] =>
      event.type === 'epochEnd'
        ? [
            { type: 'keepWeights', slot: 'a', optimizer: true },
            { type: 'keepWeights', slot: 'a', share: 0.5 },
            { type: 'keepWeights', slot: 'b', from: 'averages', share: 0.5, optimizer: true },
            { type: 'restoreWeights', slot: 'a' },
            { type: 'restoreWeights', slot: 'b' },
          ]
        : [],
    );
    const fit = (): Promise<unknown> => trainer.fit(points(64, 16), { epochs: 3, callbacks: [busy] });
    await fit();
    const { numTensors } = tf.memory();
    await fit();
    expect(tf.memory().numTensors).toBe(numTensors);
  });

  it.each<[string, TrainingCommand, string]>([
    ['a share of 0', { type: 'keepWeights', slot: 'a', share: 0 }, 'GS_TRAIN_COMMAND'],
    ['a share that is none', { type: 'keepWeights', slot: 'a', share: NaN }, 'GS_TRAIN_COMMAND'],
    ['another source', { type: 'keepWeights', slot: 'a', from: 'ema' as never }, 'GS_TRAIN_COMMAND'],
    ['averages that there are none of', { type: 'keepWeights', slot: 'a', from: 'averages' }, 'GS_OPTIMIZER_STATE'],
  ])('refuses %s', async (_, command, code) => {
    const { events } = await watch(compile(network(), options), points(16, 16), {
      callbacks: [asking((event) => (event.type === 'epochEnd' ? [command] : []))],
    });
    expect(events.filter(({ type }) => type === 'callbackFailed')).toMatchObject([
      { message: expect.stringContaining(code) },
    ]);
  });
});
