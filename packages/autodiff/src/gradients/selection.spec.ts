import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import {
  checkGradientRow,
  checkGradientRowOn,
  expectAllClose,
  gradientRow,
  type GradientRow,
  rowsOn,
  uncoveredKernels,
} from '@gradstream/testing';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { registerGradients } from '../register-gradients.js';
import { selectionGradients } from './selection.js';

await tf.setBackend('cpu');
registerGradients();

const other = { shape: [2, 3], low: -1.9, high: 1.7 };

const rows: GradientRow[] = [
  gradientRow('Select', (x, y) => tf.where(tf.greater(x, y), tf.square(x), y), [[2, 3], other]),
  gradientRow('Select', (x, y) => tf.where(tf.greater(x, y), x, y), [[2, 3], { ...other, shape: [3] }]),
  gradientRow('ClipByValue', (x) => tf.clipByValue(x, -0.8, 1.2), [[2, 4]]),
  gradientRow('TopK', (x) => tf.topk(x, 2).values, [[2, 4]]),
  gradientRow('TopK', (x) => tf.topk(x, 4).values, [[2, 2, 4]]),
  gradientRow('TopK', (x) => tf.topk(x, 1).values, [[3]]),
];

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
