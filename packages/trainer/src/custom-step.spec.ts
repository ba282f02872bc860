import '@tensorflow/tfjs-backend-cpu';
import { ofType } from '@gradstream/core';
import { batchNormalization, dense, dropout, sequential, type Model } from '@gradstream/layers';
import { sparseCategoricalCrossentropy, computeLoss } from '@gradstream/objectives';
import { adam, sgd } from '@gradstream/optimizers';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { answer, points } from '../fixtures/two-classes.js';
import { compile } from './compile.js';
import type { CustomStep } from './custom-step.js';

beforeAll(() => tf.setBackend('cpu'));

const network = (): Model =>
  sequential(
    [
      dense(6, { activation: 'tanh', inputShape: [2], kernelRegularizer: 'l2' }),
      batchNormalization(),
      dropout(0.2),
      dense(2, { activation: 'softmax' }),
    ],
    { seed: 1 },
  );
const loss = sparseCategoricalCrossentropy();
const sameAsUsual: CustomStep = {
  logs: ['loss'],
  train: ({ x, y }, { minimize, run, penalty }) => ({
    loss: minimize(() => tf.add(computeLoss(loss, y as tf.Tensor, run(x as tf.Tensor)[0]!), penalty()) as tf.Scalar),
  }),
  test: ({ x, y }, { run, penalty }) => ({
    loss: tf.add(computeLoss(loss, y as tf.Tensor, run(x as tf.Tensor)[0]!), penalty()) as tf.Scalar,
  }),
};

describe('customStep', () => {
  it('has the facts, commands and numbers of the usual step, to the bit', async () => {
    const start = tf.memory().numTensors;
    const trained = async (options: Parameters<typeof compile>[1]) => {
      const model = network();
      const trainer = compile(model, { gradientAccumulation: 2, ...options, optimizer: adam({ learningRate: 0.05 }) });
      const events: unknown[] = [];
      const slower = answer('epochEnd', ({ epoch }) => (epoch === 0 ? { type: 'setLearningRate', value: 0.01 } : null));
      const observe = answer('trainBegin', () => ({ type: 'observe', kind: 'gradients', every: 2 }));
      const run = trainer.fit(points(40, 16), {
        epochs: 3,
        validationData: points(20, 16),
        logEvery: 1,
        callbacks: [slower, observe],
      });
      run.events$
        .pipe(ofType('stepEnd', 'epochEnd', 'statistics', 'validationEnd'))
        .subscribe((event) => events.push({ ...event, time: 0 }));
      const { history } = await run;
      const weights = await model.getWeights();
      const evaluation = await trainer.evaluate(points(20, 16));
      trainer.dispose();
      model.dispose();
      return { events, history, weights, evaluation };
    };
    const usual = await trained({ loss });
    expect(await trained({ customStep: sameAsUsual })).toEqual(usual);
    expect(usual.history.val_loss).toHaveLength(3);
    expect(tf.memory().numTensors).toBe(start);
  });

  it('adds what layers add to the loss', async () => {
    const model = sequential([
      dense(2, { inputShape: [2], activityRegularizer: 'l1', kernelInitializer: 'ones', useBias: false }),
    ]);
    const penalty: CustomStep['train'] = ({ x }, tools) => {
      const without = tools.penalty();
      tools.run(x as tf.Tensor);
      return { without, loss: tools.penalty() };
    };
    const trainer = compile(model, { customStep: { logs: ['loss', 'without'], train: penalty, test: penalty } });
    const logs = await trainer.testOnBatch({ x: [[1, 2]] });
    expect(logs).toEqual({ loss: expect.closeTo(0.06, 6), without: 0 });
    trainer.dispose();
    model.dispose();
  });

  it('trains other models with their own optimizers, and logs by name', async () => {
    const start = tf.memory().numTensors;
    const [first, second] = [1, 2].map((seed) =>
      sequential([dense(1, { inputShape: [1], useBias: false })], { seed }),
    ) as [Model, Model];
    const square = (model: Model, goal: number, run: (x: tf.Tensor, model: Model) => tf.Tensor[], x: tf.Tensor) =>
      tf.mean(tf.square(tf.sub(run(x, model)[0]!, tf.mul(x, goal)))) as tf.Scalar;
    const both: CustomStep = {
      logs: ['first', 'second'],
      train: ({ x }, { minimize, run }) => ({
        first: minimize(() => square(first, 3, run, x as tf.Tensor)),
        second: minimize(() => square(second, -1, run, x as tf.Tensor), second),
      }),
      others: [{ model: second, optimizer: sgd({ learningRate: 0.2 }) }],
    };
    const trainer = compile(first, { optimizer: sgd({ learningRate: 0.1 }), customStep: both });
    const { history } = await trainer.fit({ x: [1, 2, -1, -2] }, { epochs: 30, batchSize: 2 });
    expect(Object.keys(history)).toEqual(['first', 'second']);
    expect((await first.getWeights())['dense/kernel']!.values[0]).toBeCloseTo(3, 3);
    expect((await second.getWeights())['dense/kernel']!.values[0]).toBeCloseTo(-1, 3);
    expect(await trainer.trainOnBatch({ x: [1] })).toMatchObject({ first: expect.closeTo(0, 5) });
    trainer.dispose();
    for (const model of [first, second]) model.dispose();
    expect(tf.memory().numTensors).toBe(start);
  });

  it.each<[string, unknown, RegExp]>([
    ['no logs', { train: () => ({}) }, /GS_TRAIN_CUSTOM.*logs/s],
    ['two logs of one name', { logs: ['a', 'a'], train: () => ({}) }, /GS_TRAIN_CUSTOM/],
    ['a log of validation', { logs: ['val_loss'], train: () => ({}) }, /GS_TRAIN_CUSTOM.*val_/s],
    ['no train', { logs: ['loss'] }, /GS_TRAIN_CUSTOM.*train/s],
    ['a test that is none', { logs: ['loss'], train: () => ({}), test: 1 }, /GS_TRAIN_CUSTOM.*test/s],
    ['a misspelt function', { logs: ['loss'], train: () => ({}), tests: 1 }, /GS_OPTION_UNKNOWN.*"test"/s],
    [
      'others without an optimizer',
      { logs: ['loss'], train: () => ({}), others: [{ model: network() }] },
      /GS_TRAIN_CUSTOM.*others/s,
    ],
  ])('compile refuses %s', (_, customStep, message) => {
    expect(() => compile(network(), { customStep } as never)).toThrow(message);
  });

  it('is alone: neither loss nor metrics beside it', () => {
    expect(() => compile(network(), { customStep: sameAsUsual, loss } as never)).toThrow(/GS_TRAIN_CUSTOM.*"loss"/s);
    expect(() => compile(network(), { customStep: sameAsUsual, metrics: ['mae'] } as never)).toThrow(/"metrics"/);
  });

  it('without a test is not evaluated', () => {
    const trainer = compile(network(), { customStep: { logs: ['loss'], train: sameAsUsual.train } });
    expect(() => trainer.evaluate(points(8, 8))).toThrow(/GS_TRAIN_CUSTOM_TEST/);
    expect(() => trainer.fit(points(8, 8), { validationData: points(8, 8) })).toThrow(/GS_TRAIN_CUSTOM_TEST/);
    expect(() => trainer.fit(points(8, 8), { classWeight: { 0: 1 } })).toThrow(/GS_TRAIN_CLASS_WEIGHT/);
  });

  const scalar = (): tf.Scalar => tf.scalar(1);
  it.each<[string, Partial<CustomStep>, RegExp]>([
    ['too few numbers', { logs: ['loss', 'more'], train: () => ({ loss: scalar() }) }, /GS_TRAIN_CUSTOM.*more/s],
    ['too many', { train: () => ({ loss: scalar(), more: scalar() }) }, /GS_TRAIN_CUSTOM.*more/s],
    ['no scalar', { train: () => ({ loss: tf.ones([2]) as never }) }, /GS_TRAIN_CUSTOM.*loss/s],
    ['a number', { train: () => ({ loss: 1 as never }) }, /GS_TRAIN_CUSTOM.*loss/s],
    ['nothing', { train: () => undefined as never }, /GS_TRAIN_CUSTOM/],
    [
      'nothing to minimize',
      { train: (_, { minimize }) => minimize(() => ({ other: scalar() })) },
      /GS_TRAIN_CUSTOM.*loss/s,
    ],
    [
      'a model that is not listed',
      { train: (_, { minimize }) => ({ loss: minimize(scalar, network()) }) },
      /GS_TRAIN_CUSTOM.*others/s,
    ],
    [
      'a run on other inputs',
      { train: (_, { run }) => ({ loss: run(tf.ones([2]))[0] as never }) },
      /GS_TRAIN_CUSTOM.*2 dimensions/s,
    ],
    [
      'a loss that no weight makes',
      { train: (_, { minimize }) => ({ loss: minimize(scalar) }) },
      /GS_AUTODIFF_DISCONNECTED/,
    ],
  ])('a step that gives %s fails the run, and leaves nothing behind', async (_, step, message) => {
    const model = network();
    await model.getWeights();
    const trainer = compile(model, { customStep: { logs: ['loss'], ...step } as CustomStep });
    await trainer.predict([[1, 2]]);
    await expect(trainer.fit(points(8, 8))).rejects.toThrow(message);
    trainer.dispose();
    model.dispose();
  });
});
