import { wasmSimdBackend } from '@gradstream/backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import {
  accumulateMomentum,
  adafactor,
  adagrad,
  adam,
  adamW,
  adamax,
  addDecayedWeights,
  chain,
  ftrl,
  lamb,
  lion,
  lookahead,
  lossScale,
  muon,
  nadam,
  rmsprop,
  scaleByAdam,
  scaleByLearningRate,
  sgd,
  stateTensors,
  type GradientTransformation,
  type OptimizerState,
  type Tensors,
} from '@gradstream/optimizers';
import { exponentialDecay } from '@gradstream/optimizers/schedules';
import { titleOf } from '../packages/optimizers/fixtures/keras-case.js';
import { checkOptimizer, optimizerCases } from '../packages/optimizers/fixtures/optimizer-cases.js';

const KERNELS = [
  'GradstreamSgd',
  'GradstreamRmsprop',
  'GradstreamAdam',
  'GradstreamAdagrad',
  'GradstreamAdamax',
  'GradstreamLion',
  'GradstreamGlobalNorm',
];
const BACKEND = 'wasm-simd';
const rateSchedule = exponentialDecay({ initialLearningRate: 0.01, decaySteps: 2, decayRate: 0.5 });

/** The optimizer, and how many kernels a step of three weights runs. */
const optimizers: readonly (readonly [string, GradientTransformation, number])[] = [
  ['sgd', sgd(), 2],
  ['sgd with momentum', sgd({ momentum: 0.9 }), 2],
  ['sgd with nesterov', sgd({ momentum: 0.9, nesterov: true, weightDecay: 0.01 }), 4],
  ['momentum of 0', chain(accumulateMomentum(0), scaleByLearningRate(0.1)), 9],
  ['rmsprop', rmsprop(), 2],
  ['rmsprop, centered, with momentum', rmsprop({ centered: true, momentum: 0.9 }), 3],
  ['adam', adam(), 2],
  ['adam with amsgrad', adam({ amsgrad: true, clipValue: 0.5 }), 10],
  ['adamW', adamW(), 4],
  ['adamW without biases', adamW({ excludeFromWeightDecay: (path) => path.includes('bias') }), 4],
  ['adam with a schedule', adam({ learningRate: rateSchedule }), 11],
  ['adagrad', adagrad(), 2],
  ['adagrad with decay', adagrad({ weightDecay: 0.1 }), 4],
  ['adamax', adamax(), 2],
  ['adamax with decay', adamax({ weightDecay: 0.1 }), 4],
  ['lion', lion(), 2],
  ['lion with decay', lion({ weightDecay: 0.1, excludeFromWeightDecay: ['bias'] }), 4],
  ['two rates', chain(scaleByAdam(), scaleByLearningRate(0.1), scaleByLearningRate(2)), 4],
  ['decay before the rate', chain(scaleByAdam(), addDecayedWeights(0.01), scaleByLearningRate(0.1)), 4],
  ['decay twice', chain(scaleByAdam(), addDecayedWeights(0.01), addDecayedWeights(0.02)), 4],
  ['decay alone', chain(addDecayedWeights(0.01), scaleByLearningRate(0.1)), 4],
];

const normed: readonly (readonly [string, GradientTransformation])[] = [
  ['adam with a global norm', adam({ globalClipNorm: 0.5 })],
  ['sgd with a global norm', sgd({ globalClipNorm: 0.5, momentum: 0.9 })],
];

/** Optimizers that run other parts around the kernels, or none. */
const around: readonly (readonly [string, GradientTransformation])[] = [
  ['nadam', nadam()],
  ['lamb with decay', lamb({ weightDecay: 0.1 })],
  ['adafactor', adafactor()],
  ['ftrl', ftrl({ weightDecay: 0.1 })],
  ['muon', muon()],
  [
    'adam that accumulates and averages',
    adamW({ gradientAccumulationSteps: 2, useEma: true, emaOverwriteFrequency: 1 }),
  ],
  ['lookahead', lookahead(adam({ lossScaleFactor: 4 }), { steps: 2 })],
  ['lossScale', lossScale(lion(), { dynamicGrowthSteps: 2 })],
];

const shapes: Readonly<Record<string, number[]>> = { 'a/kernel': [5, 7], 'a/bias': [7], 'b/kernel': [2, 3] };

const tensors = (seed: number): Tensors =>
  Object.fromEntries(
    Object.entries(shapes).map(([path, shape], index) => {
      const size = shape.reduce((product, one) => product * one, 1);
      return [
        path,
        tf.tensor(
          Float32Array.from({ length: size }, (_, i) => Math.sin(seed * 31 + index * 7 + i)),
          shape,
        ),
      ];
    }),
  );

/** All numbers of three steps: updates and states, by path. */
function numbersOf(optimizer: GradientTransformation): { path: string; values: number[] }[] {
  return tf.tidy(() => {
    const params = tensors(1);
    let state: OptimizerState = optimizer.init(params);
    return [2, 3, 4].flatMap((seed) => {
      const result = optimizer.update(tensors(seed), state, params);
      state = result.state;
      return Object.entries({ ...result.updates, ...stateTensors(state) }).map(([path, tensor]) => ({
        path,
        values: Array.from(tensor.dataSync()),
      }));
    });
  });
}

/** What runs without the fused kernels, which come back afterwards. */
function plain<T>(run: () => T): T {
  const kept = KERNELS.map((name) => tf.getKernel(name, BACKEND));
  for (const name of KERNELS) tf.unregisterKernel(name, BACKEND);
  try {
    return run();
  } finally {
    for (const kernel of kept) tf.registerKernel(kernel);
  }
}

beforeAll(async () => {
  await wasmSimdBackend().start();
  await tf.setBackend(BACKEND);
});

it.each(optimizers)('%s has the same bits with the fused kernels', (_, optimizer) => {
  expect(numbersOf(optimizer)).toEqual(plain(() => numbersOf(optimizer)));
});

it.each([...normed, ...around])('%s has the same numbers with the fused kernels', (_, optimizer) => {
  const expected = plain(() => numbersOf(optimizer));
  for (const [index, { path, values }] of numbersOf(optimizer).entries()) {
    expect(path).toBe(expected[index]!.path);
    for (const [place, value] of values.entries()) expect(value).toBeCloseTo(expected[index]!.values[place]!, 6);
  }
});

it.each(optimizers)('%s runs few kernels', async (_, optimizer, kernelCount) => {
  const params = tensors(1);
  const state = optimizer.init(params);
  const { kernels } = await tf.profile(() =>
    tf.tidy(() => Object.values(optimizer.update(params, state, params).updates)),
  );
  expect(kernels.map(({ name }) => name)).toHaveLength(kernelCount);
});

/** The weights after three steps in place, and the state. */
function applied(optimizer: GradientTransformation): { path: string; values: number[] }[] {
  return tf.tidy(() => {
    const params = Object.fromEntries(Object.entries(tensors(1)).map(([path, tensor]) => [path, tf.variable(tensor)]));
    let state: OptimizerState = optimizer.init(params);
    for (const seed of [2, 3, 4]) state = optimizer.apply!(tensors(seed), state, params);
    const numbers = Object.entries({ ...params, ...stateTensors(state) }).map(([path, tensor]) => ({
      path,
      values: Array.from(tensor.dataSync()),
    }));
    tf.dispose(params);
    return numbers;
  });
}

/** The same by `update` and one addition a weight. */
function added(optimizer: GradientTransformation): { path: string; values: number[] }[] {
  return tf.tidy(() => {
    let params = tensors(1);
    let state: OptimizerState = optimizer.init(params);
    for (const seed of [2, 3, 4]) {
      const result = optimizer.update(tensors(seed), state, params);
      params = Object.fromEntries(
        Object.entries(params).map(([path, weight]) => [path, tf.add(weight, result.updates[path]!)]),
      );
      state = result.state;
    }
    return Object.entries({ ...params, ...stateTensors(state) }).map(([path, tensor]) => ({
      path,
      values: Array.from(tensor.dataSync()),
    }));
  });
}

const named = [...optimizers, ...normed].map(([name, optimizer]) => [name, optimizer] as const);

it.each(named)('%s does in place what update gives', (_, optimizer) => {
  expect(applied(optimizer)).toEqual(added(optimizer));
});

it('a step in place leaves copies of weights and memory as they were', () => {
  const optimizer = adam();
  const weight = tf.variable(tf.tensor1d([1, 2, 3]));
  const state = optimizer.init({ weight });
  const before = tf.memory().numTensors;
  tf.tidy(() => {
    const copies = [weight, ...Object.values(stateTensors(state))].map((tensor) => tf.clone(tensor));
    const old = copies.map((copy) => Array.from(copy.dataSync()));
    const next = optimizer.apply!({ weight: tf.tensor1d([1, -1, 2]) }, state, { weight });
    expect(copies.map((copy) => Array.from(copy.dataSync()))).toEqual(old);
    expect(Array.from(weight.dataSync())).not.toEqual([1, 2, 3]);
    expect(Array.from(stateTensors(next)['0.m.weight']!.dataSync())).not.toEqual([0, 0, 0]);
  });
  expect(tf.memory().numTensors).toBe(before);
  weight.dispose();
});

it('leaves no tensor behind', () => {
  const params = tensors(1);
  for (const [, optimizer] of [...optimizers, ...normed, ...around]) {
    let state = optimizer.init(params);
    const before = tf.memory().numTensors;
    for (let step = 0; step < 6; step++) {
      const old = state;
      state = tf.tidy(() => {
        const next = optimizer.update(params, old, params).state;
        for (const tensor of Object.values(stateTensors(next))) tf.keep(tensor);
        return next as unknown as tf.TensorContainer;
      }) as unknown as OptimizerState;
      for (const tensor of Object.values(stateTensors(old)))
        if (!Object.values(stateTensors(state)).includes(tensor)) tensor.dispose();
    }
    expect(tf.memory().numTensors).toBe(before);
  }
});

it.each(optimizerCases.map((one) => [titleOf(one.one), one] as const))('gives the numbers of Keras: %s', (_, one) =>
  checkOptimizer(one),
);
