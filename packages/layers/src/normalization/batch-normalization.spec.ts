import '@tensorflow/tfjs-backend-cpu';
import { registerGradients } from '@gradstream/autodiff';
import { expectAllClose } from '@gradstream/testing';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { input } from '../core/input.js';
import type { Model } from '../model.js';
import { sequential } from '../sequential.js';
import { batchNormalization, type BatchNormalizationOptions } from './batch-normalization.js';

beforeAll(async () => {
  await tf.setBackend('cpu');
  registerGradients();
});

const net = (options: BatchNormalizationOptions = {}): Model =>
  sequential([input({ shape: [2] }), batchNormalization({ momentum: 0.5, ...options })], { seed: 1 });
const x = tf.tensor2d([1, 10, 3, 30], [2, 2]);
const meanOf = (model: Model): readonly number[] => [...model.tensors['batch_normalization/moving_mean']!.dataSync()];

describe('batchNormalization in a model', () => {
  it('moves its statistics while training and not otherwise', () => {
    const model = net();
    tf.tidy(() => {
      model.apply(x);
      expect(meanOf(model)).toEqual([0, 0]);
      expectAllClose(model.apply(x, { training: true }), [-1, -1, 1, 1], { absolute: 1e-3 });
      expect(meanOf(model)).toEqual([1, 10]);
      model.apply(x, { training: true });
      expect(meanOf(model)).toEqual([1.5, 15]);
    });
    model.dispose();
  });

  it.each<[string, () => Model]>([
    ['the layer does not train', (): Model => net({ trainable: false })],
    [
      'the layer is frozen',
      (): Model => {
        const model = net();
        model.freeze('batch_normalization');
        return model;
      },
    ],
    [
      'nothing of it trains and the layer does not',
      (): Model => net({ trainable: false, scale: false, center: false }),
    ],
  ])('runs as in inference where %s', (_, make) => {
    const model = make();
    tf.tidy(() => expectAllClose(model.apply(x, { training: true }), model.apply(x)));
    expect(meanOf(model)).toEqual([0, 0]);
    model.dispose();
  });

  it('still trains where only one of its weights is frozen', () => {
    const model = net();
    model.freeze('batch_normalization/gamma');
    tf.tidy(() => void model.apply(x, { training: true }));
    expect(meanOf(model)).toEqual([1, 10]);
    model.dispose();
  });

  it('starts the deviations of renorm at the root of the variance', () => {
    const model = net({ renorm: true, movingVarianceInitializer: { type: 'constant', config: { value: 9 } } });
    for (const name of ['moving_stddev', 'renorm_stddev'])
      expectAllClose(model.tensors[`batch_normalization/${name}`]!, [3, 3]);
    model.dispose();
  });
});
