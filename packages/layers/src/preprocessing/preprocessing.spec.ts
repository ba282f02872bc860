import '@tensorflow/tfjs-backend-cpu';
import { registerGradients } from '@gradstream/autodiff';
import { checkLayer, expectAllClose, outputOf } from '@gradstream/testing';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { stillContext, trainingContext } from '../../fixtures/contexts.js';
import { dropout } from '../regularization/dropout.js';
import { applyAll } from '../apply.js';
import { dense } from '../core/dense.js';
import { input } from '../core/input.js';
import { model } from '../functional-model.js';
import { layerFromConfig } from '../layer-from-config.js';
import { flatten } from '../reshaping/flatten.js';
import { sequential } from '../sequential.js';
import * as image from './image/index.js';
import { pipeline } from './pipeline.js';
import { rescaling } from './rescaling.js';
import { categoryEncoding } from './tabular/category-encoding.js';
import { hashedCrossing } from './tabular/hashed-crossing.js';
import { hashing } from './tabular/hashing.js';
import { adaptIntegerLookup } from './tabular/adapt-integer-lookup.js';
import { integerLookup } from './tabular/integer-lookup.js';
import { normalization } from './tabular/normalization.js';

beforeAll(async () => {
  await tf.setBackend('cpu');
  registerGradients();
});

const none = (shape: readonly number[]): tf.Tensor => tf.ones([...shape]);

describe('pipeline', () => {
  const chain = pipeline([rescaling(2), normalization({ axis: -1 }), dense(3)], { name: 'prepare' });

  it('is a layer with the weights of its layers', () => {
    checkLayer(chain, {
      inputs: [tf.tensor([1, 2, 3, 4], [2, 2])],
      weight: none,
      context: stillContext,
      restore: layerFromConfig,
    });
    const { weights } = chain.build([[null, 2]], 'p');
    expect(weights.map(({ name, trainable = true }) => [name, trainable])).toEqual([
      ['normalization/mean', false],
      ['normalization/variance', false],
      ['dense/kernel', true],
      ['dense/bias', true],
    ]);
  });

  it('gives each layer random numbers of its own, and acts in training alone', () => {
    const noise = pipeline([dropout(0.5), dropout(0.5)]);
    tf.tidy(() => {
      const x = tf.ones([4, 50]);
      const kept = outputOf(noise.call({}, [x], trainingContext()));
      // Two draws that do not depend on each other keep a quarter of the numbers, four times as large.
      expect(Math.abs(tf.mean(tf.cast(tf.equal(kept, 4), 'float32')).dataSync()[0]! - 0.25)).toBeLessThan(0.15);
      expectAllClose(outputOf(noise.call({}, [x], stillContext)), x);
    });
  });

  it('keeps whole numbers where its layers do', () => {
    expect(pipeline([image.resizing(2, 2)]).build([[null, 4, 4, 1]], 'p', ['int32']).outputDtype).toBe('int32');
    expect(
      pipeline([image.resizing(2, 2), image.randomFlip()]).build([[null, 4, 4, 1]], 'p', ['int32']).outputDtype,
    ).toBe('float32');
  });

  it.each([
    ['nothing', () => pipeline([])],
    ['what is no layer', () => pipeline([5 as never])],
    ['an input', () => pipeline([input({ shape: [2] }) as never])],
    ['several outputs', () => pipeline([image.mixUp()]).build([[2, 2, 2, 1]], 'p')],
  ])('refuses %s', (_, define) => {
    if (_ === 'several outputs') expect(define).not.toThrow();
    else expect(define).toThrow(/GS_LAYER_PIPELINE/);
  });
});

it('prepares images inside a model, whole numbers and all', () => {
  const net = sequential(
    [
      input({ shape: [6, 6, 3], dtype: 'int32' }),
      image.randomFlip(),
      image.randomRotation(0.1),
      rescaling(1 / 255),
      flatten(),
      dense(2),
    ],
    { seed: 1 },
  );
  tf.tidy(() => {
    const images = tf.cast(tf.fill([2, 6, 6, 3], 255), 'int32');
    expect(net.apply(images).shape).toEqual([2, 2]);
  });
  net.dispose();
});

it('mixes images and labels inside a graph', () => {
  const [images, labels] = [input({ shape: [4, 4, 1], name: 'images' }), input({ shape: [3], name: 'labels' })];
  const [mixed, shared] = applyAll(image.mixUp(), [images, labels]) as [typeof images, typeof labels];
  const net = model({ inputs: { images, labels }, outputs: { mixed, shared }, seed: 1 });
  expect(net.outputs.map(({ shape }) => shape)).toEqual([
    [null, 4, 4, 1],
    [null, 3],
  ]);
});

describe('adaptIntegerLookup', () => {
  const data = { dtype: 'int32' as const, shape: [4, 2], values: Int32Array.of(5, 5, 7, -1, 7, 9, 0, 5) };

  it('puts the most frequent first, of equals the larger one', async () => {
    expect((await adaptIntegerLookup(data)).toConfig().config['vocabulary']).toEqual([5, 7, 9, 0]);
    const few = await adaptIntegerLookup([data], { maskToken: 0, maxTokens: 4 });
    expect(few.toConfig().config['vocabulary']).toEqual([5, 7]);
  });

  it('finds the weights of numbers', async () => {
    const { config } = (await adaptIntegerLookup([data], { outputMode: 'tfIdf' })).toConfig();
    expectAllClose(
      config['idfWeights'] as number[],
      [2, 2, 1, 1].map((having) => Math.log(1 + 4 / (1 + having))),
    );
  });

  it.each([
    ['no data', []],
    ['fractions', { dtype: 'float32', shape: [1], values: Float32Array.of(0.5) }],
    ['special numbers alone', { dtype: 'int32', shape: [1], values: Int32Array.of(-1) }],
  ])('refuses %s', async (_, given) => {
    await expect(adaptIntegerLookup(given as never)).rejects.toThrow(/GS_LAYER_ADAPT/);
  });
});

it('finds numbers in a large vocabulary', () => {
  const vocabulary = Array.from({ length: 10_000 }, (_, index) => ((index * 7919) % 10_007) * 1000 - 5_000_000);
  tf.tidy(() => {
    const x = tf.tensor(
      vocabulary.map((token, index) => (index % 3 === 0 ? token + 1 : token)),
      [10_000],
      'int32',
    );
    const places = outputOf(integerLookup({ vocabulary }).call({}, [x], stillContext)).dataSync();
    expect([...places]).toEqual(vocabulary.map((_, index) => (index % 3 === 0 ? 0 : index + 1)));
  });
});

const images = (...shape: (number | null)[]): (number | null)[] => shape;
it.each([
  ['a series for images', () => image.randomFlip().build([images(null, 3, 1)], 'l'), /GS_LAYER_SHAPE .*height, width/s],
  ['channels that are no colours', () => image.randomHue(0.1).build([images(null, 3, 3, 4)], 'l'), /GS_LAYER_SHAPE/],
  [
    'channels first',
    () => image.randomFlip('vertical', { dataFormat: 'channelsFirst' as never }),
    /GS_OPTION_VALUE .*permute/s,
  ],
  ['labels as numbers', () => image.mixUp().build([images(null, 3, 3, 1), [null]], 'l'), /GS_LAYER_SHAPE .*oneHot/s],
  ['a factor out of bounds', () => image.randomRotation(1.5), /GS_OPTION_VALUE/],
  ['a factor that is none', () => image.randomContrast([0.1] as never), /GS_OPTION_VALUE/],
  ['a factor that is not finite', () => image.randomBrightness(Number.NaN), /GS_OPTION_VALUE/],
  ['zooming to nothing', () => image.randomZoom([-1, 0]), /GS_OPTION_VALUE/],
  ['an empty value range', () => image.autoContrast({ valueRange: [1, 1] }), /GS_OPTION_VALUE/],
  ['an even kernel', () => image.randomGaussianBlur({ kernelSize: 4 }), /GS_OPTION_VALUE/],
  ['half a bit', () => image.randomPosterization(2.5), /GS_OPTION_VALUE/],
  ['two colours', () => image.randomErasing({ fillValue: [1, 2] as never }), /GS_OPTION_VALUE/],
  [
    'cutting and padding',
    () => image.resizing(2, 2, { cropToAspectRatio: true, padToAspectRatio: true }),
    /GS_OPTION_VALUE/,
  ],
  ['no size', () => image.centerCrop(0, 3), /GS_OPTION_VALUE/],
  ['a misspelt option', () => image.randomShear({ xfactor: 0.1 } as never), /GS_OPTION_UNKNOWN .*xFactor/s],
  ['a seed that is none', () => image.randomFlip('vertical', { seed: -1 }), /GS_OPTION_VALUE/],
  ['no scale', () => rescaling([]), /GS_OPTION_VALUE/],
  ['scales that do not fit', () => rescaling([1, 2]).build([[null, 3]], 'r'), /GS_LAYER_SHAPE/],
  ['sparse vectors', () => categoryEncoding(3, { sparse: true as never }), /GS_OPTION_VALUE/],
  [
    'weights of another shape',
    () =>
      categoryEncoding(3, { outputMode: 'count' }).build(
        [
          [null, 2],
          [null, 3],
        ],
        'c',
      ),
    /GS_LAYER_SHAPE/,
  ],
  ['no bins', () => hashing(0), /GS_OPTION_VALUE/],
  ['half a salt', () => hashing(3, { salt: 0.5 }), /GS_OPTION_VALUE/],
  [
    'lists to cross',
    () =>
      hashedCrossing(3).build(
        [
          [null, 2],
          [null, 2],
        ],
        'h',
      ),
    /GS_LAYER_SHAPE/,
  ],
  ['a number twice', () => integerLookup({ vocabulary: [1, 1] }), /GS_OPTION_VALUE/],
  ['a lookup of nothing', () => integerLookup().build([[null, 2]], 'i'), /GS_LAYER_ADAPT/],
  ['a salt without a hash', () => integerLookup({ vocabulary: [1], salt: 3 }), /GS_OPTION_VALUE/],
  ['weights of no use', () => integerLookup({ vocabulary: [1], idfWeights: [1] }), /GS_OPTION_VALUE/],
])('refuses %s', (_, define, message) => {
  expect(define).toThrow(message);
});
