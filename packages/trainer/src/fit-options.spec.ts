import '@tensorflow/tfjs-backend-cpu';
import type { TrainingEvent } from '@gradstream/core';
import { fromArrays } from '@gradstream/datasets';
import { dense, sequential } from '@gradstream/layers';
import { sgd } from '@gradstream/optimizers';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { answer, network, points, trainerOf, watch } from '../fixtures/two-classes.js';
import { compile } from './compile.js';
import type { BatchSource } from './internal/batch-source.js';
import type { ValidationFrequency } from './internal/validation-schedule.js';

beforeAll(() => tf.setBackend('cpu'));

const types = (events: readonly TrainingEvent[], ...wanted: string[]): string[] =>
  events.map(({ type }) => type).filter((type) => wanted.includes(type));
const steps = (events: readonly TrainingEvent[]): number => types(events, 'stepEnd').length;

describe('limits of a run', () => {
  it('maxSteps ends it in the middle of an epoch, whose facts still come', async () => {
    const { events, history } = await watch(trainerOf(), points(64, 8), { maxSteps: 11, validationData: points(8, 8) });
    expect(steps(events)).toBe(11);
    expect(history).toMatchObject({ epoch: [0, 1], reason: 'completed', message: 'All 11 steps were trained.' });
    expect(history.history.val_loss).toHaveLength(2);
    expect(events[0]).toMatchObject({ epochs: Number.POSITIVE_INFINITY, stepsPerEpoch: 8 });
  });

  it('epochs limit it beside maxSteps', async () => {
    const { events, history } = await watch(trainerOf(), points(64, 8), { epochs: 1, maxSteps: 11 });
    expect(steps(events)).toBe(8);
    expect(history.message).toBe('All 1 epochs were trained.');
  });

  it('maxTime ends it between two steps, and pauses do not count', async () => {
    const run = trainerOf().fit(points(64, 8), { maxTime: 0.2 });
    const began = performance.now();
    run.pause();
    setTimeout(() => run.resume(), 250);
    const { message } = await run;
    expect(message).toBe('The time was over: 0.2 seconds.');
    expect(performance.now() - began).toBeGreaterThan(440);
  });

  it('fastDevRun takes one batch of training and one of validation', async () => {
    const { events, history } = await watch(trainerOf(), points(64, 8), {
      fastDevRun: true,
      validationData: points(64, 8),
    });
    expect(steps(events)).toBe(1);
    expect(events[0]).toMatchObject({ epochs: 1, stepsPerEpoch: 1 });
    expect(Object.keys(history.history)).toContain('val_loss');
    const three = await watch(trainerOf(), points(16, 8), { fastDevRun: 3 });
    expect(steps(three.events)).toBe(2);
  });

  it('overfitBatches trains on the first batches in every epoch, and validates on them', async () => {
    const seen: number[] = [];
    const data: BatchSource = {
      size: 4,
      async *iterate(epoch: number) {
        for (let index = 0; index < 4; index++) {
          seen.push(10 * epoch + index);
          yield (await points(8, 8)[Symbol.asyncIterator]().next()).value;
        }
      },
      [Symbol.asyncIterator]() {
        return this.iterate!(0) as AsyncIterator<never>;
      },
    };
    const { events, history } = await watch(trainerOf(), data, {
      epochs: 40,
      overfitBatches: 2,
      validationData: points(8, 8),
    });
    expect(steps(events)).toBe(80);
    expect(seen).toEqual([0, 1]);
    expect(history.history.val_loss!.at(-1)).toBeLessThan(history.history.val_loss![0]!);
  });
});

describe('validationFrequency', () => {
  const at = async (validationFrequency: ValidationFrequency, options = {}): Promise<(number | string)[]> => {
    const { events } = await watch(trainerOf(), points(32, 8), {
      epochs: 4,
      validationData: points(8, 8),
      validationFrequency,
      ...options,
    });
    return events.flatMap((event): (number | string)[] =>
      event.type === 'validationEnd'
        ? [event.globalStep]
        : event.type === 'epochEnd' && 'val_loss' in event.logs
          ? [`epoch ${event.epoch}`]
          : [],
    );
  };

  it.each<[string, ValidationFrequency, (number | string)[]]>([
    ['every second epoch', 2, [8, 'epoch 1', 16, 'epoch 3']],
    ['a list of epochs, from 1', [1, 4], [4, 'epoch 0', 16, 'epoch 3']],
    ['epochs by name', { epochs: 3 }, [12, 'epoch 2']],
    ['steps, in the middle of epochs', { steps: 3 }, [3, 'epoch 0', 6, 'epoch 1', 9, 12, 'epoch 2', 15, 'epoch 3']],
    ['steps that are longer than an epoch', { steps: 6 }, [6, 'epoch 1', 12, 'epoch 2']],
    [
      'time that is over at once',
      { seconds: 1e-9 },
      Array.from({ length: 16 }, (_, i) => i + 1).flatMap((n): (number | string)[] =>
        n % 4 === 0 ? [n, `epoch ${n / 4 - 1}`] : [n],
      ),
    ],
    ['time that never comes', { seconds: 1000 }, []],
  ])('%s', async (_, frequency, expected) => {
    expect(await at(frequency)).toEqual(expected);
  });
});

describe('stepsPerExecution', () => {
  const trained = async (stepsPerExecution: number, options = {}) => {
    const trainer = compile(network(), {
      optimizer: 'adam',
      loss: 'sparseCategoricalCrossentropy',
      stepsPerExecution,
    });
    const result = await watch(trainer, points(56, 8), { epochs: 2, logEvery: 1, ...options });
    return { ...result, weights: await trainer.model.getWeights() };
  };

  it('gives the same facts and weights, whatever it is', async () => {
    const [one, three] = [await trained(1), await trained(3)];
    const facts = ({ events }: typeof one): unknown => events.map((event) => ({ ...event, time: 0 }));
    expect(facts(three)).toEqual(facts(one));
    expect(three.weights).toEqual(one.weights);
  });

  it('answers commands after so many steps, and oversteps no limit', async () => {
    const stop = answer('stepEnd', ({ step }) => (step === 0 ? { type: 'stop', reason: 'enough' } : null));
    expect(steps((await trained(3, { callbacks: [stop] })).events)).toBe(3);
    expect(steps((await trained(3, { maxSteps: 8 })).events)).toBe(8);
    expect(steps((await trained(4, { stepsPerEpoch: 6 })).events)).toBe(12);
  });
});

describe('a run that waits', () => {
  it('pauses before the next step, also in a validation, and goes on', async () => {
    const trainer = trainerOf();
    const run = trainer.fit(points(32, 8), { epochs: 2, validationData: points(8, 8) });
    const events: TrainingEvent[] = [];
    run.events$.subscribe((event) => {
      events.push(event);
      if ((event.type === 'stepEnd' && event.globalStep === 1) || event.type === 'validationBegin') {
        run.pause();
        expect(run.paused).toBe(true);
      }
      // The timer starts where the pause is stated: on a loaded machine that may be long after it was asked for.
      if (event.type === 'trainPaused') setTimeout(() => run.resume(), 30);
    });
    expect((await run).reason).toBe('completed');
    expect(run.paused).toBe(false);
    const names = events.map(({ type }) => type);
    expect(names.slice(2, 7)).toEqual(['stepEnd', 'stepEnd', 'trainPaused', 'trainResumed', 'stepEnd']);
    const wait = names.indexOf('validationBegin');
    expect(names.slice(wait, wait + 4)).toEqual(['validationBegin', 'trainPaused', 'trainResumed', 'validationEnd']);
    for (const [index, { type, time }] of events.entries())
      if (type === 'trainResumed') expect(time - events[index - 1]!.time).toBeGreaterThan(25);
  });

  it('ends when it is stopped while it waits', async () => {
    const run = trainerOf().fit(points(32, 8), { epochs: 9 });
    run.pause();
    setTimeout(() => run.stop('no more'), 20);
    expect(await run).toMatchObject({ reason: 'stopped', message: 'no more', epoch: [] });
  });

  it('ends when a signal aborts, before or while it trains', async () => {
    const controller = new AbortController();
    const trainer = trainerOf();
    const run = trainer.fit(points(64, 8), { epochs: 1000, signal: controller.signal });
    run.events$.subscribe(
      (event) => event.type === 'stepEnd' && event.step === 3 && controller.abort(new Error('away')),
    );
    expect(await run).toMatchObject({ reason: 'stopped', message: 'away' });
    expect(trainer.steps).toBe(4);
    expect(await trainer.fit(points(64, 8), { signal: controller.signal })).toMatchObject({
      reason: 'stopped',
      epoch: [],
    });
    expect(await trainer.evaluate(points(64, 8), { signal: controller.signal })).toEqual({});
    expect((await trainer.predict([[1, 2]], { signal: controller.signal })).shape).toEqual([0, 2]);
  });
});

describe('gradientAccumulation', () => {
  const data = fromArrays({
    x: { dtype: 'float32', shape: [6, 1], values: Float32Array.of(1, 2, 3, -1, 0.5, 2) },
    y: { dtype: 'float32', shape: [6, 1], values: Float32Array.of(2, 1, 0, 3, 1, -1) },
  });
  const kernel = async (batch: number, gradientAccumulation: number, epochs = 1): Promise<number> => {
    const model = sequential([dense(1, { inputShape: [1], useBias: false, kernelInitializer: 'ones' })]);
    const before = tf.memory().numTensors;
    const trainer = compile(model, { optimizer: sgd({ learningRate: 0.1 }), loss: 'mse', gradientAccumulation });
    await trainer.fit(data.batch(batch) as BatchSource, { epochs });
    const [value] = (await model.getWeights())['dense/kernel']!.values;
    trainer.dispose();
    // The model draws its weights at its first use.
    expect(tf.memory().numTensors).toBe(before + 1);
    model.dispose();
    return value!;
  };

  it('takes the step of the larger batch', async () => {
    expect(await kernel(1, 6)).toBeCloseTo(await kernel(6, 1), 6);
    expect(await kernel(2, 3)).toBeCloseTo(await kernel(6, 1), 6);
  });

  it('carries on what was collected into the next epoch', async () => {
    expect(await kernel(3, 4)).toBe(1);
    expect(await kernel(3, 4, 2)).toBeCloseTo(await kernel(6, 1), 6);
  });
});
