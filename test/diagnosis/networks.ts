import { gradientClippingMonitor } from '@gradstream/callbacks';
import { randomKey, uniformValues } from '@gradstream/core';
import { fromArrays } from '@gradstream/datasets';
import { dense, lambda, leakyRelu, sequential, type Layer, type Model } from '@gradstream/layers';
import { adam, sgd } from '@gradstream/optimizers';
import { l2 } from '@gradstream/regularizers';
import type { BatchSource, CompileOptions, FitOptions } from '@gradstream/trainer';
import * as tf from '@tensorflow/tfjs-core';

/** A training: a network, what it is trained with and on, and for how long. */
export interface Training {
  readonly model: () => Model;
  readonly compile: CompileOptions;
  readonly data: BatchSource;
  readonly fit?: FitOptions;
}

/** A training that has a sickness, and the same one with the remedy. */
export interface Case {
  readonly diagnosis: string;
  readonly sick: Training;
  readonly remedy: string;
  readonly mended: Training;
  /** What the last loss of the mended training is below. */
  readonly below: number;
}

/** Points in a square, each with a number that a function gives it. */
function points(
  count: number,
  target: (a: number, b: number) => number,
  {
    seed = 1,
    scale = 1,
    shift = 0,
    batch = 32,
  }: { seed?: number; scale?: number; shift?: number; batch?: number } = {},
): BatchSource {
  const values = uniformValues(randomKey(seed), 0, 2 * count, -1, 1);
  const y = Float32Array.from({ length: count }, (_, i) => target(values[2 * i]!, values[2 * i + 1]!));
  return fromArrays({
    x: { dtype: 'float32', shape: [count, 2], values: values.map((value) => scale * (value + shift)) },
    y: { dtype: 'float32', shape: [count, 1], values: y },
  }).batch(batch);
}

const inCircle = (a: number, b: number): number => (a * a + b * b < 0.6 ? 1 : 0);
const slope = (a: number, b: number): number => 0.5 * a - 0.3 * b;

const first = { inputShape: [2] } as const;
/** Hidden layers of some width with a function between them, and one output. */
const stack =
  (depth: number, hidden: (index: number) => Layer | readonly Layer[], activation = 'linear') =>
  (): Model =>
    sequential([...Array.from({ length: depth }, (_, index) => hidden(index)).flat(), dense(1, { activation })], {
      seed: 3,
    });
const layer = (index: number, options: Parameters<typeof dense>[1] = {}, units = 16): Layer =>
  dense(units, { ...options, ...(index === 0 ? first : {}) });

export const cases: readonly Case[] = [
  {
    diagnosis: 'vanishingGradients',
    sick: {
      model: stack(8, (index) => layer(index, { activation: 'sigmoid' }), 'sigmoid'),
      compile: { optimizer: sgd({ learningRate: 0.1 }), loss: 'binaryCrossentropy' },
      data: points(256, inCircle),
      fit: { epochs: 20 },
    },
    remedy: 'relu and heNormal',
    mended: {
      model: stack(8, (index) => layer(index, { activation: 'relu', kernelInitializer: 'heNormal' }), 'sigmoid'),
      compile: { optimizer: sgd({ learningRate: 0.1 }), loss: 'binaryCrossentropy' },
      data: points(256, inCircle),
      fit: { epochs: 20 },
    },
    below: 0.4,
  },
  {
    diagnosis: 'explodingGradients',
    sick: {
      model: stack(3, (index) => layer(index, { activation: 'relu' })),
      compile: { optimizer: sgd({ learningRate: 0.1 }), loss: 'meanSquaredError' },
      data: points(256, (a, b) => 30 * slope(a, b), { scale: 10 }),
      fit: { epochs: 5 },
    },
    remedy: 'inputs and targets of a size of about 1',
    mended: {
      model: stack(3, (index) => layer(index, { activation: 'relu' })),
      compile: { optimizer: sgd({ learningRate: 0.1 }), loss: 'meanSquaredError' },
      data: points(256, slope),
      fit: { epochs: 20 },
    },
    below: 0.01,
  },
  {
    diagnosis: 'explodingGradients',
    sick: {
      model: stack(3, (index) => layer(index, { activation: 'relu' })),
      compile: { optimizer: sgd({ learningRate: 0.1 }), loss: 'meanSquaredError' },
      data: points(256, (a, b) => 10 * slope(a, b), { scale: 10 }),
      fit: { epochs: 3 },
    },
    remedy: 'clipping',
    mended: {
      model: stack(3, (index) => layer(index, { activation: 'relu' })),
      compile: { optimizer: sgd({ learningRate: 0.1 }), loss: 'meanSquaredError' },
      data: points(256, (a, b) => 10 * slope(a, b), { scale: 10 }),
      fit: { epochs: 20, callbacks: [gradientClippingMonitor({ threshold: 0.5 })] },
    },
    below: 0.2,
  },
  {
    diagnosis: 'deadRelus',
    sick: {
      model: stack(2, (index) => layer(index, { activation: 'relu' })),
      compile: { optimizer: sgd({ learningRate: 0.5 }), loss: 'meanSquaredError' },
      data: points(256, (a, b) => slope(a, b) - 1, { shift: 1 }),
      fit: { epochs: 15 },
    },
    remedy: 'leakyRelu and a lower learning rate',
    mended: {
      model: stack(2, (index) => [layer(index), leakyRelu()]),
      compile: { optimizer: sgd({ learningRate: 0.05 }), loss: 'meanSquaredError' },
      data: points(256, (a, b) => slope(a, b) - 1, { shift: 1 }),
      fit: { epochs: 20 },
    },
    below: 0.02,
  },
  {
    diagnosis: 'nonFiniteValues',
    sick: {
      model: stack(1, (index) => [layer(index, { activation: 'relu' }), lambda((x) => tf.log(x), { name: 'log' })]),
      compile: { optimizer: sgd({ learningRate: 0.01 }), loss: 'meanSquaredError' },
      data: points(128, slope),
      fit: { epochs: 5 },
    },
    remedy: 'a small number inside the logarithm',
    mended: {
      model: stack(1, (index) => [
        layer(index, { activation: 'relu' }),
        lambda((x) => tf.log(tf.add(x, 1)), { name: 'log' }),
      ]),
      compile: { optimizer: sgd({ learningRate: 0.1 }), loss: 'meanSquaredError' },
      data: points(128, slope),
      fit: { epochs: 20 },
    },
    below: 0.02,
  },
  {
    diagnosis: 'saturatedActivations',
    sick: {
      model: stack(2, (index) => layer(index, { activation: 'tanh' }), 'sigmoid'),
      compile: { optimizer: adam({ learningRate: 0.01 }), loss: 'binaryCrossentropy' },
      data: points(256, inCircle, { scale: 200 }),
      fit: { epochs: 10 },
    },
    remedy: 'inputs of a deviation of about 1',
    mended: {
      model: stack(2, (index) => layer(index, { activation: 'tanh' }), 'sigmoid'),
      compile: { optimizer: adam({ learningRate: 0.01 }), loss: 'binaryCrossentropy' },
      data: points(256, inCircle, { scale: 1.7 }),
      fit: { epochs: 30 },
    },
    below: 0.25,
  },
  {
    diagnosis: 'plateau',
    sick: {
      model: stack(2, (index) => layer(index, { activation: 'relu', kernelInitializer: 'zeros' }), 'sigmoid'),
      compile: { optimizer: adam({ learningRate: 0.01 }), loss: 'binaryCrossentropy' },
      data: points(256, inCircle),
      fit: { epochs: 10 },
    },
    remedy: 'kernels that differ: heNormal',
    mended: {
      model: stack(2, (index) => layer(index, { activation: 'relu', kernelInitializer: 'heNormal' }), 'sigmoid'),
      compile: { optimizer: adam({ learningRate: 0.01 }), loss: 'binaryCrossentropy' },
      data: points(256, inCircle),
      fit: { epochs: 15 },
    },
    below: 0.2,
  },
  {
    diagnosis: 'overfitting',
    sick: {
      model: stack(2, (index) => layer(index, { activation: 'relu' }, 64), 'sigmoid'),
      compile: { optimizer: adam({ learningRate: 0.03 }), loss: 'binaryCrossentropy' },
      data: points(24, inCircle, { seed: 5 }),
      fit: { epochs: 30, validationData: points(256, inCircle, { batch: 256 }) },
    },
    remedy: 'more data and a penalty on weights',
    mended: {
      model: stack(2, (index) => layer(index, { activation: 'relu', kernelRegularizer: l2(1e-3) }, 32), 'sigmoid'),
      compile: { optimizer: adam({ learningRate: 0.01 }), loss: 'binaryCrossentropy' },
      data: points(512, inCircle, { seed: 5, batch: 64 }),
      fit: { epochs: 12, validationData: points(256, inCircle, { batch: 256 }) },
    },
    below: 0.3,
  },
  {
    diagnosis: 'constantLabels',
    sick: {
      model: stack(1, (index) => layer(index, { activation: 'relu' }), 'sigmoid'),
      compile: { optimizer: adam({ learningRate: 0.01 }), loss: 'binaryCrossentropy' },
      data: points(256, () => 1),
    },
    remedy: 'the right column',
    mended: {
      model: stack(1, (index) => layer(index, { activation: 'relu' }), 'sigmoid'),
      compile: { optimizer: adam({ learningRate: 0.03 }), loss: 'binaryCrossentropy' },
      data: points(256, inCircle),
      fit: { epochs: 15 },
    },
    below: 0.4,
  },
  {
    diagnosis: 'labelsOutOfRange',
    sick: {
      model: stack(1, (index) => layer(index, { activation: 'relu' }), 'sigmoid'),
      compile: { optimizer: adam({ learningRate: 0.01 }), loss: 'meanSquaredError' },
      data: points(256, (a, b) => 10 * slope(a, b)),
    },
    remedy: 'a linear output',
    mended: {
      model: stack(1, (index) => layer(index, { activation: 'relu' })),
      compile: { optimizer: adam({ learningRate: 0.03 }), loss: 'meanSquaredError' },
      data: points(256, (a, b) => 10 * slope(a, b)),
      fit: { epochs: 20 },
    },
    below: 0.3,
  },
];
