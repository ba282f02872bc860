import '@tensorflow/tfjs-backend-cpu';
import { StepCounter, registerGradients } from '@gradstream/autodiff';
import { randomKey } from '@gradstream/core';
import { checkLayer, expectAllClose, outputOf } from '@gradstream/testing';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { layerFromConfig } from '../layer-from-config.js';
import type { Layer } from '../layer.js';
import { alphaDropout } from './alpha-dropout.js';
import { dropout } from './dropout.js';
import { gaussianDropout } from './gaussian-dropout.js';
import { gaussianNoise } from './gaussian-noise.js';
import { spatialDropout1d } from './spatial-dropout1d.js';
import { spatialDropout2d } from './spatial-dropout2d.js';
import { spatialDropout3d } from './spatial-dropout3d.js';

beforeAll(async () => {
  await tf.setBackend('cpu');
  registerGradients();
});

const context = { training: true, key: randomKey(3), step: new StepCounter(5) };
const run = (layer: Layer, x: tf.Tensor, more: object = {}): tf.Tensor =>
  outputOf(layer.call({}, [x], { ...context, ...more }));
const numbers = (shape: readonly number[]): tf.Tensor =>
  tf.tensor(
    Float32Array.from({ length: shape.reduce((size, one) => size * one, 1) }, (_, i) => Math.sin(i * 1.7) + 2),
    [...shape],
  );
const moments = (x: tf.Tensor): { mean: number; deviation: number } => {
  const { mean, variance } = tf.moments(x);
  return { mean: mean.dataSync()[0]!, deviation: Math.sqrt(variance.dataSync()[0]!) };
};

const layers: readonly (readonly [string, (seed?: number) => Layer, number[]])[] = [
  ['dropout', (seed) => dropout(0.4, opt(seed)), [2, 3]],
  ['dropout with a noise shape', (seed) => dropout(0.4, { noiseShape: [null, 1, null], ...opt(seed) }), [2, 3, 4]],
  ['spatialDropout1d', (seed) => spatialDropout1d(0.4, opt(seed)), [2, 3, 8]],
  ['spatialDropout2d', (seed) => spatialDropout2d(0.4, opt(seed)), [2, 2, 2, 8]],
  ['spatialDropout3d', (seed) => spatialDropout3d(0.4, opt(seed)), [1, 2, 1, 2, 8]],
  ['gaussianNoise', (seed) => gaussianNoise(0.4, opt(seed)), [2, 3]],
  ['gaussianDropout', (seed) => gaussianDropout(0.4, opt(seed)), [2, 3]],
  ['alphaDropout', (seed) => alphaDropout(0.4, opt(seed)), [2, 8]],
  ['alphaDropout with a noise shape', (seed) => alphaDropout(0.4, { noiseShape: [null, 1], ...opt(seed) }), [9, 3]],
];
const opt = (seed: number | undefined): { seed?: number } => (seed === undefined ? {} : { seed });

describe.each(layers)('%s', (_, make, shape) => {
  it('keeps what a layer has to keep', () => {
    for (const training of [true, false])
      checkLayer(make(7), {
        inputs: [numbers(shape)],
        weight: () => tf.ones([]),
        context: { ...context, training },
        restore: layerFromConfig,
      });
  });

  it('acts while training alone, anew in each step, the same in the same step', () => {
    const x = numbers(shape);
    expectAllClose(run(make(), x, { training: false }), x);
    const [one, again] = [run(make(), x), run(make(), x)];
    expectAllClose(one, again);
    const same = (other: tf.Tensor): boolean => tf.all(tf.equal(one, other)).dataSync()[0] === 1;
    expect(same(x)).toBe(false);
    // Whole shapes of few numbers may fall alike once: not in one of several steps.
    const others = Array.from({ length: 8 }, (_unused, step) => run(make(), x, { step: new StepCounter(step + 10) }));
    expect(others.every(same)).toBe(false);
    const seeds = Array.from({ length: 8 }, (_unused, seed) => run(make(seed), x));
    expect(seeds.every(same)).toBe(false);
  });
});

describe('what is drawn', () => {
  const ones = tf.ones([200, 200]);

  it('of gaussianNoise has mean 0 and the deviation that was asked for', () => {
    const { mean, deviation } = moments(run(gaussianNoise(0.3), tf.zeros([200, 200])));
    // 40,000 draws: five standard errors are 0.0075 and 0.0053.
    expect(Math.abs(mean)).toBeLessThan(0.0075);
    expect(Math.abs(deviation - 0.3)).toBeLessThan(0.0053);
  });

  it('of gaussianDropout has mean 1 and the deviation of dropout', () => {
    const { mean, deviation } = moments(run(gaussianDropout(0.2), ones));
    expect(Math.abs(mean - 1)).toBeLessThan(0.0125);
    expect(Math.abs(deviation - 0.5)).toBeLessThan(0.009);
  });

  it('of alphaDropout keeps mean 0 and deviation 1, and sets the rate of elements to one value', () => {
    const x = run(gaussianNoise(1), tf.zeros([200, 200]));
    const y = run(alphaDropout(0.3), x, { step: new StepCounter(1) });
    const { mean, deviation } = moments(y);
    expect(Math.abs(mean)).toBeLessThan(0.03);
    expect(Math.abs(deviation - 1)).toBeLessThan(0.03);
    const smallest = [...y.dataSync()].filter((value) => Math.abs(value + 1.0797) < 1e-3).length;
    const [alpha, rate] = [-1.7580993408473766, 0.3];
    const a = ((1 - rate) * (1 + rate * alpha ** 2)) ** -0.5;
    const dropped = [...y.dataSync()].filter((value) => Math.abs(value - (a * alpha - a * alpha * rate)) < 1e-6).length;
    expect(smallest).toBeLessThan(40_000);
    expect(Math.abs(dropped / 40_000 - 0.3)).toBeLessThan(0.0115);
  });

  it('of spatial dropout is whole channels of an example, at the rate that was asked for', () => {
    const y = run(spatialDropout2d(0.25), tf.ones([50, 3, 4, 40]));
    const perChannel = tf.reshape(tf.transpose(y, [0, 3, 1, 2]), [2000, 12]);
    const [low, high] = [tf.min(perChannel, 1), tf.max(perChannel, 1)];
    expectAllClose(low, high);
    const kept = tf.mean(tf.cast(tf.greater(low, 0), 'float32')).dataSync()[0]!;
    expect(Math.abs(kept - 0.75)).toBeLessThan(0.05);
    expectAllClose(tf.max(y), tf.scalar(1 / 0.75));
  });

  it('with a noise shape is one number for a whole stretch', () => {
    const y = run(dropout(0.5, { noiseShape: [null, 1, 6] }), tf.ones([30, 5, 6]));
    expectAllClose(tf.min(y, 1), tf.max(y, 1));
    expectAllClose(
      run(dropout(0.5, { noiseShape: [30, 5, 6] }), tf.ones([30, 5, 6])),
      run(dropout(0.5), tf.ones([30, 5, 6])),
    );
  });
});

describe('layers of noise', () => {
  it.each<[string, () => unknown, RegExp]>([
    ['a rate above 1', () => dropout(1.5), /GS_OPTION_VALUE/],
    ['a rate that is no number', () => spatialDropout1d(Number.NaN), /GS_OPTION_VALUE/],
    ['gaussianDropout at 1', () => gaussianDropout(1), /GS_OPTION_VALUE/],
    ['alphaDropout at 1', () => alphaDropout(1), /GS_OPTION_VALUE/],
    ['a deviation above 1', () => gaussianNoise(1.1), /GS_OPTION_VALUE/],
    ['a negative seed', () => gaussianNoise(0.5, { seed: -1 }), /GS_OPTION_VALUE/],
    ['a seed that is none', () => dropout(0.5, { seed: 'a' as never }), /GS_OPTION_VALUE/],
    ['a noise shape that is none', () => dropout(0.5, { noiseShape: 'a' as never }), /GS_OPTION_VALUE/],
    ['a noise shape with 0', () => dropout(0.5, { noiseShape: [0, 1] }), /GS_OPTION_VALUE/],
    [
      'a noise shape of another rank',
      () => dropout(0.5, { noiseShape: [1] }).build([[null, 3]], 'd'),
      /GS_LAYER_SHAPE/,
    ],
    [
      'a noise shape of another size',
      () => alphaDropout(0.5, { noiseShape: [1, 2] }).build([[null, 3]], 'd'),
      /GS_LAYER_SHAPE/,
    ],
    [
      'a batch that the noise shape is not for',
      () => run(dropout(0.5, { noiseShape: [4, 1] }), tf.ones([1, 3])),
      /GS_LAYER_SHAPE/,
    ],
    ['another rank', () => spatialDropout2d(0.5).build([[null, 3, 4]], 's'), /GS_LAYER_SHAPE/],
    [
      'channels first',
      () => spatialDropout3d(0.5, { dataFormat: 'channelsFirst' as never }),
      /GS_OPTION_VALUE .*permute/s,
    ],
    [
      'a format where there is none',
      () => spatialDropout1d(0.5, { dataFormat: 'channelsLast' } as never),
      /GS_OPTION_UNKNOWN/,
    ],
  ])('refuse %s', (_, define, message) => {
    expect(define).toThrow(message);
  });

  it('leave out of the config what Keras does not take', () => {
    expect(spatialDropout1d(0.5).toConfig().config).toEqual({ name: null, rate: 0.5, seed: null });
    expect(spatialDropout1d(0.5, { trainable: false }).toConfig().config).toMatchObject({ trainable: false });
  });
});
