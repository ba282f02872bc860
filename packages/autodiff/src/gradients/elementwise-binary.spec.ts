import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import { checkGradientRow, checkGradientRowOn, expectAllClose, rowsOn, uncoveredKernels } from '@gradstream/testing';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { rows } from '../../fixtures/rows/elementwise-binary.js';
import { registerGradients } from '../register-gradients.js';
import { elementwiseBinaryGradients } from './elementwise-binary.js';

await tf.setBackend('cpu');
registerGradients();

describe('elementwiseBinaryGradients', () => {
  it('give the exponent no gradient where the base is not above 0', () => {
    const slope = tf.grad((b) => tf.pow(tf.tensor1d([-2, 0, 2]), b))(tf.tensor1d([2, 2, 2]));
    expectAllClose(slope, [0, 0, 4 * Math.LN2]);
  });
  it('give the base a gradient for whole exponents', () => {
    expectAllClose(tf.grad((x) => tf.pow(x, tf.scalar(3, 'int32')))(tf.tensor1d([-2, 0, 2])), [12, 0, 12]);
  });
  it.each([
    ['maximum', tf.maximum],
    ['minimum', tf.minimum],
  ])('give a tie to the first input: %s', (_, op) => {
    const [a, b] = tf.grads((a, b) => op(a, b))([tf.scalar(1), tf.scalar(1)]);
    expectAllClose([a!.dataSync()[0]!, b!.dataSync()[0]!], [1, 0]);
  });
  it('are all checked', () => expect(uncoveredKernels(elementwiseBinaryGradients, rows)).toEqual([]));
  it.each(rows)('agree with finite differences: $kernel %#', checkGradientRow);
  it.each(rowsOn('wasm', rows))('are the same on wasm: $kernel %#', (row) => checkGradientRowOn('wasm', row));
});
