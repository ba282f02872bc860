import '@tensorflow/tfjs-backend-cpu';
import type { HostArray } from '@gradstream/core';
import { dense, input, model, sequential, type Model } from '@gradstream/layers';
import { categoricalCrossentropy, sparseCategoricalCrossentropy } from '@gradstream/objectives';
import { sgd } from '@gradstream/optimizers';
import { l2 } from '@gradstream/regularizers';
import { expectAllClose } from '@gradstream/testing';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import fixture from '../fixtures/fit.json' with { type: 'json' };
import type { ArrayData, NestedNumbers, NumberFields } from './array-data.js';
import { compile, type CompileOptions } from './compile.js';
import type { FitOptions } from './fit-options.js';

beforeAll(() => tf.setBackend('cpu'));

const { data, batch, cases } = fixture;
const { x, labels, oneHot, line, weights, others } = data;
const first = (rows: NestedNumbers, count: number): NestedNumbers => rows.slice(0, count);
const part = (fields: NumberFields, count: number): NumberFields =>
  Array.isArray(fields)
    ? first(fields, count)
    : Object.fromEntries(Object.entries(fields).map(([name, rows]) => [name, first(rows as NestedNumbers, count)]));
const rows = ({ x: inputs, y, sampleWeight }: ArrayData, count: number): ArrayData => ({
  x: part(inputs, count),
  ...(y === undefined ? {} : { y: part(y, count) }),
  ...(sampleWeight === undefined ? {} : { sampleWeight: part(sampleWeight, count) }),
});

const classifier = (rate?: number): Model =>
  sequential([
    dense(4, {
      activation: 'tanh',
      inputShape: [3],
      ...(rate === undefined ? {} : { kernelRegularizer: l2(rate) }),
    }),
    dense(3),
  ]);
const twoOutputs = (): Model => {
  const inputs = input({ shape: [3], name: 'x' });
  const hidden = inputs.pipe(dense(4, { activation: 'tanh' }));
  // Keras sorts outputs of a record by name, and with them the weights.
  const kind = hidden.pipe(dense(3));
  return model({ inputs, outputs: { kind, price: hidden.pipe(dense(1, { kernelRegularizer: l2(0.02) })) } });
};
const sparse = sparseCategoricalCrossentropy({ fromLogits: true });
const both: CompileOptions = {
  loss: { price: 'mse', kind: sparse },
  lossWeights: { price: 0.3, kind: 2 },
  metrics: { price: ['mae'], kind: ['accuracy'] },
  weightedMetrics: { price: ['mae', 'mse'], kind: ['accuracy'] },
};
const pair = { price: line, kind: labels };

interface Case {
  readonly model: () => Model;
  readonly compile: CompileOptions;
  readonly data: ArrayData;
  readonly fit?: FitOptions;
  /** Whether evaluation has the weights too. */
  readonly weighs?: boolean;
}

/** The same trainings as in tools/reference/fit.py. */
const trainings: Record<string, Case> = {
  'sample weights': {
    model: () => classifier(0.05),
    compile: { loss: sparse, metrics: ['accuracy'], weightedMetrics: ['accuracy'] },
    data: { x, y: labels, sampleWeight: weights },
    fit: { validationData: rows({ x, y: labels, sampleWeight: weights }, 5), validationBatchSize: 3 },
    weighs: true,
  },
  'class weights of indices': {
    model: classifier,
    compile: { loss: sparse, weightedMetrics: ['accuracy'] },
    data: { x, y: labels },
    fit: { classWeight: { 0: 0.5, 2: 3 }, validationData: rows({ x, y: labels }, 5) },
  },
  'class weights of one-hot rows': {
    model: classifier,
    compile: {
      loss: categoricalCrossentropy({ fromLogits: true }),
      metrics: ['accuracy'],
      weightedMetrics: ['accuracy'],
    },
    data: { x, y: oneHot },
    fit: { classWeight: { 0: 0.5, 2: 3 } },
  },
  'weights of steps': {
    model: () => sequential([dense(2, { inputShape: [2, 3] })]),
    compile: { loss: 'mse', metrics: ['mae'], weightedMetrics: ['mae'] },
    data: { x: data.steps, y: data.targets, sampleWeight: data.stepWeights },
    weighs: true,
  },
  'the mean of weights': {
    model: classifier,
    compile: { loss: sparseCategoricalCrossentropy({ fromLogits: true, reduction: 'meanWithSampleWeight' }) },
    data: { x, y: labels, sampleWeight: weights },
  },
  'validation split': {
    model: classifier,
    compile: { loss: sparse, metrics: ['accuracy'], weightedMetrics: ['accuracy'] },
    data: { x, y: labels, sampleWeight: weights },
    fit: { validationSplit: 0.3 },
  },
  'validation in some epochs': {
    model: classifier,
    compile: { loss: sparse },
    data: { x, y: labels },
    fit: {
      validationData: rows({ x, y: labels }, 5),
      validationFrequency: [2, 3],
      validationSteps: 1,
      validationBatchSize: 2,
      initialEpoch: 1,
      epochs: 4,
    },
  },
  'two outputs': {
    model: twoOutputs,
    compile: both,
    data: { x, y: pair },
    fit: { validationData: rows({ x, y: pair }, 6) },
  },
  'two outputs with weights for all': {
    model: twoOutputs,
    compile: both,
    data: { x, y: pair, sampleWeight: weights },
    weighs: true,
  },
  'two outputs with weights for each': {
    model: twoOutputs,
    compile: both,
    data: { x, y: pair, sampleWeight: { price: weights, kind: others } },
    weighs: true,
  },
  'gradient accumulation': {
    model: () => classifier(0.05),
    compile: { loss: sparse, gradientAccumulation: 2 },
    data: { x, y: labels },
  },
};

function filled(net: Model, initial: readonly number[][]): Model {
  const named = net.weights.map(({ path, shape }, index): [string, HostArray] => [
    path,
    { dtype: 'float32', shape, values: Float32Array.from(initial[index]!) },
  ]);
  net.setWeights(Object.fromEntries(named));
  return net;
}

const near = { relative: 2e-5, absolute: 2e-6 };
const expectLogs = (logs: Readonly<Record<string, number>>, expected: Readonly<Record<string, number>>): void => {
  expect(Object.keys(logs).toSorted()).toEqual(Object.keys(expected).toSorted());
  for (const [name, value] of Object.entries(expected)) expectAllClose([logs[name]!], [value], near);
};

describe('fit, evaluate and the functions on a batch have the numbers of Keras', () => {
  it.each(cases.map((row) => [row.name, row] as const))('%s', async (name, row) => {
    const start = tf.memory().numTensors;
    const { weighs = false, ...training } = trainings[name]!;
    const net = filled(training.model(), row.initial);
    const trainer = compile(net, { ...training.compile, optimizer: sgd({ learningRate: 0.1, momentum: 0.9 }) });
    const losses: number[] = [];
    const options = { epochs: 3, batchSize: batch, shuffle: false, logEvery: 1, ...training.fit };
    const run = trainer.fit(training.data, options);
    run.events$.subscribe((event) => event.type === 'stepEnd' && losses.push(event.logs!['loss']!));
    const { history, epoch } = await run;

    expect(epoch).toEqual(row.epoch);
    expectAllClose(losses, row.steps, near);
    expect(Object.keys(history).toSorted()).toEqual(Object.keys(row.history).toSorted());
    for (const [key, values] of Object.entries(row.history)) expectAllClose(history[key]!, values as number[], near);
    const { sampleWeight: _, ...plain } = training.data;
    const tested = weighs ? training.data : plain;
    expectLogs(await trainer.evaluate(tested, { batchSize: batch }), row.evaluation as never);
    expectLogs(await trainer.testOnBatch(rows(tested, 5)), row.tested as never);
    Object.values(await net.getWeights()).forEach(({ values }, index) =>
      expectAllClose(values, row.final[index]!, near),
    );
    expectLogs(await trainer.trainOnBatch(rows(tested, 5)), row.trained as never);
    trainer.dispose();
    net.dispose();
    expect(tf.memory().numTensors).toBe(start);
  });
});
