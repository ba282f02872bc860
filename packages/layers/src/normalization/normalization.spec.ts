import '@tensorflow/tfjs-backend-cpu';
import { StepCounter, registerGradients } from '@gradstream/autodiff';
import { randomKey } from '@gradstream/core';
import { checkLayer, expectAllClose, outputOf } from '@gradstream/testing';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { dense } from '../core/dense.js';
import { embedding } from '../core/embedding.js';
import { layerFromConfig } from '../layer-from-config.js';
import type { CallContext, Layer } from '../layer.js';
import { flatten } from '../reshaping/flatten.js';
import { groupNormalization } from './group-normalization.js';
import { layerNormalization } from './layer-normalization.js';
import { rmsNormalization } from './rms-normalization.js';
import { spectralNormalization } from './spectral-normalization.js';
import { unitNormalization } from './unit-normalization.js';
import { batchNormalization } from './batch-normalization.js';

beforeAll(async () => {
  await tf.setBackend('cpu');
  registerGradients();
});

const context: CallContext = { training: false, key: randomKey(3), step: new StepCounter(5) };
const numbers = (shape: readonly number[], phase = 0): tf.Tensor =>
  tf.tensor(
    Float32Array.from({ length: shape.reduce((size, one) => size * one, 1) }, (_, i) => Math.sin(i * 1.7 + phase)),
    [...shape],
  );
const weight = (shape: readonly number[], name: string): tf.Tensor =>
  /variance|stddev/.test(name) ? tf.add(tf.square(numbers(shape)), 1) : tf.add(numbers(shape, 1), 0.2);

describe('layers that normalize', () => {
  it.each<[string, Layer, number[]]>([
    ['layerNormalization', layerNormalization({ epsilon: 0.1 }), [2, 3, 4]],
    ['layerNormalization along two axes', layerNormalization({ axis: [1, 2], epsilon: 0.1 }), [2, 2, 3]],
    [
      'layerNormalization of positive and negative axes',
      layerNormalization({ axis: [-1, 1], epsilon: 0.1 }),
      [2, 2, 2, 3],
    ],
    ['groupNormalization', groupNormalization({ groups: 2, epsilon: 0.1 }), [2, 2, 4]],
    ['rmsNormalization along a middle axis', rmsNormalization({ axis: 1, epsilon: 0.1 }), [2, 3, 2]],
    ['unitNormalization', unitNormalization(), [2, 3]],
    ['batchNormalization', batchNormalization(), [4, 3]],
    [
      'batchNormalization with a regularizer',
      batchNormalization({ gammaRegularizer: 'l2', betaConstraint: 'nonNeg' }),
      [4, 3],
    ],
    ['batchNormalization with renorm', batchNormalization({ renorm: true, renormClipping: { rmax: 2 } }), [4, 3]],
    ['spectralNormalization', spectralNormalization(dense(2)), [3, 4]],
  ])('%s keeps what a layer has to keep', (_, layer, shape) => {
    // Renorm keeps statistics that inference does not read: they have no gradient.
    const unread = layer.toConfig().config.renorm === true ? { gradients: false, trains: true } : {};
    checkLayer(layer, { inputs: [numbers(shape)], weight, context, restore: layerFromConfig, ...unread });
  });

  it('batchNormalization learns while training, with the batch statistics', () => {
    const training = { ...context, training: true };
    const check = { inputs: [numbers([4, 2])], weight, context: training, gradients: false, trains: true };
    for (const renorm of [false, true]) checkLayer(batchNormalization({ epsilon: 0.2, renorm }), check);
  });

  it.each<[string, () => unknown, RegExp]>([
    ['an axis that is none', () => layerNormalization({ axis: 1.5 }), /GS_OPTION_VALUE/],
    ['no axes', () => layerNormalization({ axis: [] }), /GS_OPTION_VALUE/],
    ['an axis twice', () => unitNormalization({ axis: [1, 1] }), /GS_OPTION_VALUE/],
    [
      'an axis twice, counted from both ends',
      () => unitNormalization({ axis: [1, -1] }).build([[null, 3]], 'u'),
      /GS_LAYER_SHAPE .*twice/s,
    ],
    [
      'an axis that the input lacks',
      () => layerNormalization({ axis: 3 }).build([[null, 3]], 'n'),
      /GS_LAYER_SHAPE .*no axis 3/s,
    ],
    [
      'features of unknown number',
      () => layerNormalization().build([[null, null]], 'n'),
      /GS_LAYER_SHAPE .*not known/s,
    ],
    ['a negative epsilon', () => layerNormalization({ epsilon: -1 }), /GS_OPTION_VALUE/],
    ['a misspelt option', () => layerNormalization({ eps: 1 } as never), /GS_OPTION_UNKNOWN/],
    ['no groups', () => groupNormalization({ groups: 0 }), /GS_OPTION_VALUE/],
    ['half a group', () => groupNormalization({ groups: 1.5 }), /GS_OPTION_VALUE/],
    [
      'groups that do not divide',
      () => groupNormalization({ groups: 3 }).build([[null, 4]], 'g'),
      /GS_LAYER_SHAPE .*3 groups/s,
    ],
    [
      'channels where the batch is',
      () => groupNormalization({ groups: 1, axis: 0 }).build([[4, 4]], 'g'),
      /GS_LAYER_SHAPE .*batch/s,
    ],
    ['channels of unknown number', () => batchNormalization().build([[null, null]], 'b'), /GS_LAYER_SHAPE/],
    ['a momentum above 1', () => batchNormalization({ momentum: 1.1 }), /GS_OPTION_VALUE/],
    [
      'synchronized statistics',
      () => batchNormalization({ synchronized: true as never }),
      /GS_OPTION_VALUE .*one device/s,
    ],
    [
      'bounds the wrong way round',
      () => batchNormalization({ renormClipping: { rmin: 2, rmax: 1 } }),
      /GS_OPTION_VALUE/,
    ],
    ['an unknown bound', () => batchNormalization({ renormClipping: { dmin: 2 } as never }), /GS_OPTION_UNKNOWN/],
    [
      'a mask of another rank',
      () =>
        batchNormalization().call(
          Object.fromEntries(['gamma', 'beta', 'moving_mean', 'moving_variance'].map((name) => [name, tf.ones([2])])),
          [tf.ones([2, 3, 2])],
          { ...context, training: true, masks: [tf.ones([2], 'bool')] },
        ),
      /GS_LAYER_MASK/,
    ],
    [
      'no steps of the power iteration',
      () => spectralNormalization(dense(2), { powerIterations: 0 }),
      /GS_OPTION_VALUE/,
    ],
    ['a factory instead of a layer', () => spectralNormalization(dense as never), /GS_MODEL_LAYERS/],
    [
      'a layer without a kernel',
      () => spectralNormalization(flatten()).build([[null, 2, 3]], 's'),
      /GS_LAYER_WEIGHTS .*no weights/s,
    ],
  ])('refuse %s', (_, define, message) => {
    expect(define).toThrow(message);
  });
});

describe('spectralNormalization', () => {
  it('brings the largest singular value to 1 after some steps, and keeps it outside training', () => {
    tf.tidy(() => {
      const layer = spectralNormalization(dense(3, { useBias: false, name: 'd' }));
      const weights: Record<string, tf.Tensor> = {
        'd/kernel': numbers([5, 3]),
        vector_u: tf.tensor2d([[0.01, 0.02, -0.01]]),
      };
      const update = (name: string, value: tf.Tensor): void => void (weights[name] = value);
      for (let step = 0; step < 60; step++)
        layer.call(weights, [tf.ones([1, 5])], { ...context, training: true, update });
      const own = outputOf(layer.call(weights, [tf.eye(5)], context));
      const [squares] = [tf.matMul(own, own, true, false)];
      // The largest eigenvalue of own^T own, by its own power iteration.
      let v: tf.Tensor = tf.ones([3, 1]);
      for (let step = 0; step < 100; step++) v = tf.div(tf.matMul(squares!, v), tf.norm(tf.matMul(squares!, v)));
      expectAllClose(tf.norm(tf.matMul(squares!, v)), tf.scalar(1), { absolute: 1e-4 });
      expectAllClose(weights['d/kernel']!, numbers([5, 3]));
    });
  });

  it('leaves a kernel of zeros and its vector alone', () => {
    const changed: Record<string, tf.Tensor> = {};
    const layer = spectralNormalization(dense(2, { name: 'd' }));
    const weights = { 'd/kernel': tf.zeros([3, 2]), 'd/bias': tf.ones([2]), vector_u: tf.tensor2d([[0.3, 0.4]]) };
    const update = (name: string, value: tf.Tensor): void => void (changed[name] = value);
    expectAllClose(outputOf(layer.call(weights, [tf.ones([1, 3])], { ...context, training: true, update })), [1, 1]);
    expectAllClose(changed.vector_u!, weights.vector_u);
  });

  it('normalizes embeddings, and passes on what its layer says about its input and mask', () => {
    const layer = spectralNormalization(embedding(4, 2, { maskZero: true, name: 'e' }));
    expect(layer.inputDtype).toBe('any');
    expect(layer.build([[null, 3]], 's').weights.map(({ name }) => name)).toEqual(['e/embeddings', 'vector_u']);
    expectAllClose(tf.cast(layer.computeMask!([tf.tensor1d([0, 1], 'int32')], []) as tf.Tensor, 'int32'), [0, 1]);
  });
});
