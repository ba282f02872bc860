import '@tensorflow/tfjs-backend-cpu';
import { defineCallback, type TrainingCommand } from '@gradstream/core';
import { fromArrays } from '@gradstream/datasets';
import { adamW, sgd } from '@gradstream/optimizers';
import { cosineDecay } from '@gradstream/optimizers/schedules';
import * as tf from '@tensorflow/tfjs-core';
import { concatMap, of } from 'rxjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { augmented, plainEvents, samples, start, type Program } from '../fixtures/resumable.js';
import { memoryCheckpoints } from './checkpoint/memory-checkpoints.js';

beforeAll(() => tf.setBackend('cpu'));

/** Counts steps and answers every fifth with commands that change training. Remembers how many it saw. */
const meddler = () => {
  let count = 0;
  return defineCallback(
    'meddler',
    (events$) =>
      events$.pipe(
        concatMap((event): TrainingCommand[] => {
          // What it does at the start must not be done over what a checkpoint holds.
          if (event.type === 'trainBegin') return [{ type: 'scaleLearningRate', factor: 0.5 }];
          if (event.type !== 'stepEnd') return [];
          count++;
          switch (count) {
            case 3:
              return [{ type: 'setGradientClipping', clipping: { by: 'globalNorm', threshold: 0.3 } }];
            case 5:
              return [
                { type: 'keepWeights', slot: 'a', optimizer: true },
                { type: 'setGradientAccumulation', steps: 2 },
              ];
            case 8:
              return [
                { type: 'keepWeights', slot: 'b' },
                { type: 'scaleLearningRate', factor: 0.5 },
              ];
            case 11:
              return [{ type: 'restoreWeights', slot: 'a' }];
            case 16:
              return [
                { type: 'keepWeights', slot: 'b', share: 0.5 },
                { type: 'setGradientClipping', clipping: null },
              ];
            case 19:
              return [{ type: 'restoreWeights', slot: 'b' }];
            default:
              return [];
          }
        }),
      ),
    { state: () => ({ count }), restore: (state) => void (count = (state as { count: number }).count) },
  );
};
/** Asks for statistics, units over windows of steps among them, and for losses. */
const looker = () =>
  defineCallback('looker', (events$) =>
    events$.pipe(
      concatMap((event): TrainingCommand[] =>
        event.type === 'trainBegin'
          ? [
              { type: 'observe', kind: 'activations', every: 2, window: 3, buckets: 4 },
              { type: 'observe', kind: 'targets', every: 1, window: 5 },
              { type: 'observe', kind: 'gradients', every: 3 },
            ]
          : [],
      ),
    ),
  );
const stopper = (epoch: number) =>
  defineCallback('stopper', (events$) =>
    events$.pipe(
      concatMap((event) =>
        event.type === 'stepEnd' && event.epoch === epoch && event.step === 2
          ? of<TrainingCommand>({ type: 'stop', reason: 'that is enough' })
          : [],
      ),
    ),
  );

const validation = () => fromArrays(samples(10, 'test')).batch(4);
const programs: Record<string, Program> = {
  'dropout, noise, batch normalization, a shuffled stream, augmentation, validation': {
    fit: { validationData: validation() },
  },
  'rows in memory, a schedule, gradient accumulation across epochs': {
    data: () => fromArrays(samples(22)).shuffle(22, { seed: 1 }).batch(4),
    compile: {
      optimizer: adamW({ learningRate: cosineDecay({ initialLearningRate: 0.02, decaySteps: 15 }) }),
      gradientAccumulation: 4,
    },
  },
  'arrays, batches of three steps at a time, metrics with a state of their own, class weights': {
    data: () => samples(30),
    compile: {
      stepsPerExecution: 3,
      metrics: ['accuracy', 'sparseTopKCategoricalAccuracy'],
      weightedMetrics: ['sparseCategoricalCrossentropy'],
    },
    fit: { batchSize: 4, validationSplit: 0.2, classWeight: { 1: 3 } },
  },
  'endless data, epochs of a number of steps, validation by steps': {
    data: () => augmented(10).repeat(),
    fit: { stepsPerEpoch: 5, validationData: validation(), validationFrequency: { steps: 3 }, maxSteps: 12, epochs: 9 },
  },
  'epochs that go on where the one before stopped': { data: () => augmented(18), fit: { stepsPerEpoch: 3 } },
  'averages of weights, and commands that change training': {
    compile: { optimizer: sgd({ learningRate: 0.1, momentum: 0.9, useEma: true, emaOverwriteFrequency: 4 }) },
    data: () => augmented(26),
    callbacks: () => [meddler(), meddler()],
  },
  'statistics, with units that are watched over windows of steps': { callbacks: () => [looker()] },
  'an end that a callback asked for': { fit: { validationData: validation() }, callbacks: () => [stopper(1)] },
};

describe('a run that goes on from a checkpoint', () => {
  it.each(Object.entries(programs))('ends as the one that was not interrupted: %s', async (title, program) => {
    const store = memoryCheckpoints();
    const before = tf.memory().numTensors;
    const plain = await start(program);
    const whole = await start(program, { checkpointStore: store, saveEvery: { steps: 1 }, keepCheckpoints: 99 });
    // Saving changes nothing.
    expect(whole.weights).toEqual(plain.weights);
    expect(plainEvents(whole.events)).toEqual(plainEvents(plain.events));
    const names = await store.list();
    expect(names.length).toBeGreaterThan(5);
    // All of them once; of the other programs every third, each beginning at another one.
    const stride = title.startsWith('dropout') ? 1 : 3;
    const offset = Object.keys(programs).indexOf(title) % stride;
    for (const name of names.filter((__, index) => index % stride === offset)) {
      const resumed = await start(program, { checkpointStore: store, resumeFrom: name });
      expect(resumed.weights, name).toEqual(whole.weights);
      expect(resumed.history, name).toEqual(whole.history);
      expect(resumed.steps).toBe(whole.steps);
      // And what it states is what had not been stated.
      const rest = plainEvents(resumed.events);
      expect(rest, name).toEqual(plainEvents(whole.events).slice(-rest.length));
      const saved = whole.events.findIndex(
        (event) => event.type === 'checkpointSaved' && event.location.endsWith(name),
      );
      expect(rest).toHaveLength(plainEvents(whole.events.slice(saved)).length);
    }
    expect(tf.memory().numTensors).toBe(before);
  });

  it('that is killed again and again, wherever, ends the same', async () => {
    const program = programs['averages of weights, and commands that change training']!;
    const whole = await start(program);
    const store = memoryCheckpoints();
    const options = { checkpointStore: store, saveEvery: { steps: 3 }, resumeFrom: 'latest' } as const;
    // A process that dies writes nothing more: here the store stops taking anything.
    for (const life of [4, 5, 3, 7, 4, 6]) {
      let left = life;
      const dying = {
        ...store,
        write: (...args: Parameters<typeof store.write>) =>
          left > 0 ? store.write(...args) : Promise.reject(new Error('dead')),
      };
      await start(program, { ...options, checkpointStore: dying }, (event, stop) => {
        if (event.type === 'stepEnd' && --left === 0) stop();
      });
    }
    const last = await start(program, options);
    expect(last.weights).toEqual(whole.weights);
    expect(last.history).toEqual(whole.history);
  });

  it('goes on in the middle of an epoch after stop(), without losing a step', async () => {
    const program = programs['dropout, noise, batch normalization, a shuffled stream, augmentation, validation']!;
    const whole = await start(program);
    for (const at of [0, 2, 3, 4, 11]) {
      const store = memoryCheckpoints();
      const options = { checkpointStore: store, saveEvery: { epochs: 100 }, resumeFrom: 'latest' } as const;
      const first = await start(program, options, (event, stop) => {
        if (event.type === 'stepEnd' && event.globalStep === at) stop();
      });
      expect(first.history.reason).toBe('stopped');
      expect(first.steps).toBe(at + 1);
      const second = await start(program, options);
      expect(second.events.filter(({ type }) => type === 'stepEnd')).toHaveLength(12 - at - 1);
      expect(second.weights).toEqual(whole.weights);
      expect(second.history).toEqual(whole.history);
    }
  });

  it('goes on exactly after stop(), whatever was to be saved at the end of the epoch that was cut short', async () => {
    const saver = () =>
      defineCallback('saver', (events$) =>
        events$.pipe(
          concatMap(({ type }): TrainingCommand[] =>
            type === 'epochEnd' || type === 'trainEnd' ? [{ type: 'saveCheckpoint', name: 'mine' }] : [],
          ),
        ),
      );
    const program = { fit: { validationData: validation() }, callbacks: () => [saver()] };
    const whole = await start(program, { checkpointStore: memoryCheckpoints() });
    // In the middle of an epoch, after its last step, in its validation, at its end, at the beginning of the next.
    const ends = ['stepEnd 5', 'stepEnd 7', 'validationBegin 1', 'epochEnd 1', 'epochBegin 2'];
    for (const saveEvery of [{ epochs: 1 }, { epochs: 9 }, undefined])
      for (const end of ends) {
        const store = memoryCheckpoints();
        const options = { checkpointStore: store, resumeFrom: 'latest', ...(saveEvery && { saveEvery }) } as const;
        await start(program, options, (event, stop) => {
          const at = event.type === 'stepEnd' ? event.globalStep : 'epoch' in event ? event.epoch : -1;
          if (`${event.type} ${at}` === end) stop();
        });
        const second = await start(program, options);
        expect(second.weights, end).toEqual(whole.weights);
        // A validation that was cut short has no numbers.
        if (end !== 'validationBegin 1') expect(second.history, end).toEqual(whole.history);
      }
  });

  it('says where it goes on, trains no more when it had ended, and longer when it is asked to', async () => {
    const store = memoryCheckpoints();
    const options = { checkpointStore: store, saveEvery: { epochs: 1 }, resumeFrom: 'latest' } as const;
    const first = await start({}, options);
    expect(first.events[0]).not.toHaveProperty('resumed');
    const again = await start({}, options);
    const [name] = (await store.list()).slice(-1);
    expect(again.events.map(({ type }) => type)).toEqual(['trainBegin', 'trainEnd']);
    expect(again.events[0]).toMatchObject({
      initialEpoch: 3,
      globalStep: 12,
      resumed: { checkpoint: name, epoch: 3, step: 0 },
    });
    expect(again.weights).toEqual(first.weights);
    expect(again.history).toEqual(first.history);
    const longer = await start({}, { ...options, epochs: 5 });
    expect(longer.weights).toEqual((await start({}, { epochs: 5 })).weights);
  });

  it('does not train on after an early stop, unless more epochs are asked for', async () => {
    const store = memoryCheckpoints();
    const options = { checkpointStore: store, saveEvery: { epochs: 1 }, resumeFrom: 'latest' } as const;
    const program = { callbacks: () => [stopper(1)] };
    const first = await start(program, options);
    const again = await start(program, options);
    expect(again.history).toEqual(first.history);
    expect(again.history).toMatchObject({ reason: 'callback', message: 'stopper: that is enough' });
    expect((await start(program, { ...options, epochs: 4 })).history.epoch).toEqual([0, 1, 2, 3]);
  });
});
