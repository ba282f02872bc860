import '@tensorflow/tfjs-backend-cpu';
import { StepCounter, registerGradients } from '@gradstream/autodiff';
import { randomKey, uniformValues } from '@gradstream/core';
import { checkLayer, expectAllClose, outputOf } from '@gradstream/testing';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { CallContext } from '../layer.js';
import { layerFromConfig } from '../layer-from-config.js';
import { dense } from './dense.js';

beforeAll(async () => {
  await tf.setBackend('cpu');
  registerGradients();
});

const context: CallContext = { training: true, key: randomKey(0), step: new StepCounter(0) };
const drawn = (shape: readonly number[], seed = 1): tf.Tensor => {
  const size = shape.reduce((a, b) => a * b, 1);
  // Values on a grid that keeps every pre-activation away from 0 for these seeds.
  return tf.tensor(uniformValues(randomKey(seed), 0, size, -1, 1), [...shape]);
};

describe('dense', () => {
  it.each(['linear', 'sigmoid', 'tanh', 'softmax', 'gelu', 'glu'])('keeps what it says, with %s', (activation) => {
    checkLayer(dense(4, { activation }), {
      inputs: [drawn([3, 5])],
      weight: (shape) => drawn(shape, 2),
      context,
      restore: layerFromConfig,
    });
  });

  it.each([[[2, 5]], [[2, 3, 5]], [[2, 1, 3, 5]]])('takes inputs %j', (shape) => {
    checkLayer(dense(3), { inputs: [drawn(shape)], weight: (of) => drawn(of, 3), context });
    checkLayer(dense(3, { useBias: false }), { inputs: [drawn(shape)], weight: (of) => drawn(of, 3), context });
  });

  it('is activation(x · kernel + bias)', () => {
    const [x, kernel, bias] = [drawn([2, 3]), drawn([3, 4], 5), drawn([4], 6)];
    for (const [name, f] of [
      ['relu', tf.relu],
      ['elu', tf.elu],
      ['softplus', tf.softplus],
    ] as const) {
      const expected = f(tf.add(tf.matMul(x as tf.Tensor2D, kernel as tf.Tensor2D), bias));
      expectAllClose(outputOf(dense(4, { activation: name }).call({ kernel, bias }, [x], context)), expected);
    }
    const own = (y: tf.Tensor): tf.Tensor => tf.mul(y, 2);
    const expected = tf.mul(tf.add(tf.matMul(x as tf.Tensor2D, kernel as tf.Tensor2D), bias), 2);
    expectAllClose(outputOf(dense(4, { activation: own }).call({ kernel, bias }, [x], context)), expected);
  });

  it('describes its weights with initializers, regularizers and constraints', () => {
    const layer = dense(2, { kernelRegularizer: 'l2', biasConstraint: 'nonNegative', kernelInitializer: 'heNormal' });
    const { weights } = layer.build([[null, 3]], 'dense');
    expect(
      weights.map(({ name, shape, regularizer, constraint }) => [
        name,
        shape,
        regularizer !== undefined,
        constraint !== undefined,
      ]),
    ).toEqual([
      ['kernel', [3, 2], true, false],
      ['bias', [2], false, true],
    ]);
    expect(layer.toConfig()).toMatchObject({
      type: 'Dense',
      config: {
        units: 2,
        activation: 'linear',
        kernelInitializer: { type: 'HeNormal' },
        kernelRegularizer: { type: 'L2' },
        biasRegularizer: null,
      },
    });
  });
});
