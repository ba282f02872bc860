import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import { checkGradientRow, checkGradientRowOn, expectAllClose, rowsOn, uncoveredKernels } from '@gradstream/testing';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { rows } from '../../fixtures/rows/reduction.js';
import { registerGradients } from '../register-gradients.js';
import { reductionGradients } from './reduction.js';

await tf.setBackend('cpu');
registerGradients();

describe('reductionGradients', () => {
  it.each([
    ['max', tf.max, [3, 1, 3]],
    ['min', tf.min, [1, 3, 1]],
  ])('share among equal extremes: %s', (_, op, values) => {
    expectAllClose(tf.grad((x) => op(x))(tf.tensor1d(values)), [0.5, 0, 0.5]);
  });
  it('are all checked', () => expect(uncoveredKernels(reductionGradients, rows)).toEqual([]));
  it.each(rows)('agree with finite differences: $kernel %#', checkGradientRow);
  it.each(rowsOn('wasm', rows))('are the same on wasm: $kernel %#', (row) => checkGradientRowOn('wasm', row));
});
