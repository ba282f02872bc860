import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import { checkGradientRow, checkGradientRowOn, expectAllClose, rowsOn, uncoveredKernels } from '@gradstream/testing';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { rows } from '../../fixtures/rows/selection.js';
import { registerGradients } from '../register-gradients.js';
import { selectionGradients } from './selection.js';

await tf.setBackend('cpu');
registerGradients();

describe('selectionGradients', () => {
  it('let gradients through on the bounds of a clip', () => {
    expectAllClose(tf.grad((x) => tf.clipByValue(x, -1, 1))(tf.tensor1d([-1.5, -1, 0, 1, 1.5])), [0, 1, 1, 1, 0]);
  });
  it('keep infinite gradients out of the side that was not chosen', () => {
    const x = tf.tensor1d([0, 4]);
    expectAllClose(tf.grad((x) => tf.where(tf.greater(x, 0), tf.square(x), 0))(x), [0, 8]);
    expectAllClose(
      tf.grads((t, e) => tf.where(tf.greater(x, 0), t, e))([x, tf.zerosLike(x)], tf.tensor1d([Infinity, 1]))[0]!,
      [0, 1],
    );
  });
  it('are all checked', () => expect(uncoveredKernels(selectionGradients, rows)).toEqual([]));
  it.each(rows)('agree with finite differences: $kernel %#', checkGradientRow);
  it.each(rowsOn('wasm', rows))('are the same on wasm: $kernel %#', (row) => checkGradientRowOn('wasm', row));
});
