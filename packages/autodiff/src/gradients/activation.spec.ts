import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import { checkGradientRow, checkGradientRowOn, expectAllClose, rowsOn, uncoveredKernels } from '@gradstream/testing';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { rows } from '../../fixtures/rows/activation.js';
import { registerGradients } from '../register-gradients.js';
import { activationGradients } from './activation.js';

await tf.setBackend('cpu');
registerGradients();

describe('activationGradients', () => {
  it.each([
    ['relu at 0', tf.relu, 0, 0],
    ['relu6 at 0', tf.relu6, 0, 0],
    ['relu6 at 6', tf.relu6, 6, 0],
    ['leakyRelu at 0', (x: tf.Tensor) => tf.leakyRelu(x, 0.2), 0, 0.2],
    ['elu at 0', tf.elu, 0, 1],
  ])('take the slope of TensorFlow at a kink: %s', (_, f, x, slope) => {
    expectAllClose(tf.grad((x) => f(x))(tf.scalar(x)), [slope]);
  });
  it('are all checked', () => expect(uncoveredKernels(activationGradients, rows)).toEqual([]));
  it.each(rows)('agree with finite differences: $kernel %#', checkGradientRow);
  it.each(rowsOn('wasm', rows))('are the same on wasm: $kernel %#', (row) => checkGradientRowOn('wasm', row));
});
