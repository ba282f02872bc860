import '@tensorflow/tfjs-backend-cpu';
import { defineCallback, ofType, type Callback, type TrainingCommand, type TrainingEvent } from '@gradstream/core';
import { fromArrays } from '@gradstream/datasets';
import { dense, sequential } from '@gradstream/layers';
import { sgd } from '@gradstream/optimizers';
import * as tf from '@tensorflow/tfjs-core';
import { EMPTY, filter, map, of, throwError, type Observable } from 'rxjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { answer, network, points, trainerOf, watch } from '../../fixtures/two-classes.js';
import { compile } from '../compile.js';
import type { Trainer } from '../trainer.js';

beforeAll(() => tf.setBackend('cpu'));

describe('commands', () => {
  const fitWith = (
    callbacks: Callback[],
    options: Parameters<Trainer['fit']>[1] = {},
    trainer = trainerOf(),
  ): ReturnType<typeof watch> => watch(trainer, points(64, 16), { epochs: 3, ...options, callbacks });

  it('stop ends training before the next step, after the epoch’s facts', async () => {
    const { history } = await fitWith([answer('epochEnd', () => ({ type: 'stop', reason: 'good enough' }))]);
    expect(history).toMatchObject({ epoch: [0], reason: 'callback', message: 'on epochEnd: good enough' });
    const early = await fitWith(
      [answer('stepEnd', ({ step }) => (step === 1 ? { type: 'stop', reason: 'now' } : null))],
      { validationData: points(16, 8) },
    );
    expect(early.events.filter(({ type }) => type === 'stepEnd')).toHaveLength(2);
    expect(early.history.history.val_loss).toHaveLength(1);
  });

  it('setLearningRate and scaleLearningRate change the optimizer’s', async () => {
    const rates = answer('epochEnd', ({ epoch }) =>
      epoch === 0 ? { type: 'setLearningRate', value: 0.5 } : { type: 'scaleLearningRate', factor: 0.1, min: 0.2 },
    );
    const { events } = await fitWith([rates]);
    const seen = events.flatMap((event) => (event.type === 'epochEnd' ? [event.learningRate!] : []));
    expect(seen[0]).toBeCloseTo(0.001);
    expect(seen[1]).toBeCloseTo(0.5);
    expect(seen[2]).toBeCloseTo(0.2);
  });

  it('keepWeights and restoreWeights bring the weights back, also in answer to trainEnd', async () => {
    const model = network();
    let kept: unknown;
    const keepFirst = defineCallback('best', (events$) =>
      events$.pipe(
        ofType('epochEnd', 'trainEnd'),
        map((event): TrainingCommand =>
          event.type === 'trainEnd' ? { type: 'restoreWeights', slot: 'best' } : { type: 'keepWeights', slot: 'best' },
        ),
        filter((command) => command.type === 'restoreWeights' || kept === undefined),
      ),
    );
    const trainer = trainerOf(model);
    const run = trainer.fit(points(64, 16), { epochs: 3, callbacks: [keepFirst] });
    run.events$.pipe(ofType('epochEnd')).subscribe(({ epoch }) => {
      if (epoch === 0)
        kept = Object.fromEntries(
          model.weights.map(({ path, variable }) => [
            path,
            { dtype: 'float32', shape: variable.shape, values: variable.dataSync().slice() },
          ]),
        );
    });
    await run;
    // The event is stated before commands are carried out, so the copy was made right before the slot's.
    expect(kept).toBeDefined();
    const after = await model.getWeights();
    expect(after).not.toEqual(kept);
  });

  it('setGradientClipping limits what the optimizer sees', async () => {
    const model = sequential([dense(1, { inputShape: [1], useBias: false, kernelInitializer: 'zeros' })]);
    const data = fromArrays({
      x: { dtype: 'float32', shape: [1, 1], values: Float32Array.of(1) },
      y: { dtype: 'float32', shape: [1, 1], values: Float32Array.of(100) },
    }).batch(1);
    const trainer = compile(model, { optimizer: sgd({ learningRate: 1 }), loss: 'meanSquaredError' });
    const clip = answer('trainBegin', () => ({
      type: 'setGradientClipping',
      clipping: { by: 'globalNorm', threshold: 0.5 },
    }));
    await trainer.fit(data, { epochs: 2, callbacks: [clip] });
    expect((await model.getWeights())['dense/kernel']!.values[0]).toBeCloseTo(1, 5);
  });

  it('observe gives statistics every so many steps, right ones', async () => {
    const observe = defineCallback('observe', () =>
      of<TrainingCommand[]>(
        { type: 'observe', kind: 'weights', every: 4, buckets: 5 },
        { type: 'observe', kind: 'gradients', every: 6 },
        { type: 'observe', kind: 'activations', every: 6 },
        { type: 'observe', kind: 'updates', every: 6 },
      ),
    );
    const { events } = await fitWith([observe]);
    const statistics = events.filter((event) => event.type === 'statistics');
    expect(statistics.map(({ kind, globalStep }) => `${kind} ${globalStep}`).toSorted()).toEqual(
      [
        'weights 0',
        'weights 4',
        'weights 8',
        ...['gradients', 'activations', 'updates'].flatMap((kind) => [`${kind} 0`, `${kind} 6`]),
      ].toSorted(),
    );
    const weights = statistics.find(({ kind }) => kind === 'weights')!.tensors['dense/kernel']!;
    expect(weights.size).toBe(16);
    expect(weights.histogram!.counts.reduce((a, b) => a + b)).toBe(16);
    expect(weights.histogram!.edges).toHaveLength(6);
    expect(weights.norm).toBeCloseTo(Math.sqrt(16 * (weights.deviation ** 2 + weights.mean ** 2)), 4);
    expect(Object.keys(statistics.find(({ kind }) => kind === 'activations')!.tensors)).toEqual([
      'dense',
      'dropout',
      'dense_1',
    ]);
  });

  it('hold makes training wait', async () => {
    let open = false;
    const hold = answer('epochEnd', () => ({
      type: 'hold',
      until: new Promise((resolve) =>
        setTimeout(() => {
          open = true;
          resolve(undefined);
        }, 30),
      ),
    }));
    const opened: boolean[] = [];
    const run = trainerOf().fit(points(16, 16), { epochs: 2, callbacks: [hold] });
    run.events$.pipe(ofType('epochBegin')).subscribe(() => opened.push(open));
    await run;
    expect(opened).toEqual([false, true]);
  });

  it('report comes out as a diagnosis', async () => {
    const report = answer('epochEnd', ({ epoch }) =>
      epoch === 0
        ? {
            type: 'report',
            diagnosis: {
              name: 'plateau',
              severity: 'info',
              message: 'flat',
              evidence: { epochs: 3 },
              remedy: 'a lower learning rate',
            },
          }
        : null,
    );
    const { events } = await fitWith([report]);
    expect(events.filter(({ type }) => type === 'diagnosis')).toMatchObject([
      { name: 'plateau', evidence: { epochs: 3 } },
    ]);
  });

  it('saveCheckpoint hands the weights to the sink and says where they went', async () => {
    const saved: string[] = [];
    const save = answer('epochEnd', ({ epoch }) => ({ type: 'saveCheckpoint', name: `epoch-${epoch}` }));
    const { events } = await fitWith([save], {
      checkpointSink: async ({ name, weights }) => {
        saved.push(`${name}: ${Object.keys(weights).length}`);
        return `memory:${name}`;
      },
    });
    expect(saved).toEqual(['epoch-0: 4', 'epoch-1: 4', 'epoch-2: 4']);
    expect(events.filter(({ type }) => type === 'checkpointSaved')).toMatchObject([
      { location: 'memory:epoch-0' },
      {},
      {},
    ]);
  });

  it.each([
    ['an unknown slot', { type: 'restoreWeights', slot: 'nowhere' }, 'GS_TRAIN_SLOT'],
    ['a negative learning rate', { type: 'setLearningRate', value: -1 }, 'GS_TRAIN_COMMAND'],
    ['a checkpoint without a sink', { type: 'saveCheckpoint', name: 'x' }, 'GS_TRAIN_CHECKPOINT_SINK'],
    ['a command that does not exist', { type: 'explode' }, 'GS_TRAIN_COMMAND'],
    ['a hold that fails', () => ({ type: 'hold', until: Promise.reject(new Error('disk full')) }), 'disk full'],
  ] as [string, TrainingCommand | (() => TrainingCommand), string][])(
    '%s fails the callback, not the training',
    async (_, command, message) => {
      const send = (): TrainingCommand => (typeof command === 'function' ? command() : command);
      const { events, history } = await fitWith([answer('epochEnd', ({ epoch }) => (epoch === 0 ? send() : null))]);
      expect(events.filter(({ type }) => type === 'callbackFailed')).toMatchObject([
        { callback: 'on epochEnd', message: expect.stringContaining(message) },
      ]);
      expect(history.reason).toBe('completed');
    },
  );
});

describe('failing callbacks', () => {
  const broken: Record<string, (events$: Observable<TrainingEvent>) => Observable<TrainingCommand>> = {
    atOnce: () => {
      throw new Error('broken');
    },
    inItsStream: (events$) =>
      events$.pipe(
        ofType('epochEnd'),
        map(() => {
          throw new Error('broken');
        }),
      ),
    byAnError: () => throwError(() => new Error('broken')),
  };

  it.each(Object.keys(broken))('%s: reported and dropped, the others go on', async (name) => {
    let others = 0;
    const counting = defineCallback('counting', (events$) => {
      events$.subscribe(() => others++);
      return EMPTY;
    });
    const { events, history } = await watch(trainerOf(), points(32, 16), {
      epochs: 2,
      callbacks: [defineCallback(name, broken[name]!), counting],
    });
    expect(events.filter(({ type }) => type === 'callbackFailed')).toMatchObject([
      { callback: name, message: 'broken' },
    ]);
    expect(history.reason).toBe('completed');
    expect(others).toBe(events.length);
  });

  it.each(Object.keys(broken))('%s and critical: ends the run with its error', async (name) => {
    const events: TrainingEvent[] = [];
    const run = trainerOf().fit(points(32, 16), {
      callbacks: [defineCallback(name, broken[name]!, { critical: true })],
    });
    run.events$.subscribe((event) => events.push(event));
    await expect(run).rejects.toThrow('broken');
    expect(events.at(-1)).toMatchObject({ type: 'trainEnd', reason: 'failed', message: 'broken' });
  });
});
