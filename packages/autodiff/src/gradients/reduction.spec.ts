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
import { reductionGradients } from './reduction.js';

await tf.setBackend('cpu');
registerGradients();

const x = [2, 3, 2];
const positive = { shape: x, low: 0.5, high: 1.5 };

const rows: GradientRow[] = [undefined, 0, -1, [0, 2], 1, [1, 2], [-1, 0]].flatMap((axis) => [
  gradientRow('Sum', (x) => tf.sum(x, axis), [x]),
  gradientRow('Mean', (x) => tf.mean(x, axis, true), [x]),
  gradientRow('Max', (x) => tf.max(x, axis), [x]),
  gradientRow('Min', (x) => tf.min(x, axis, true), [x]),
  gradientRow('Prod', (x) => tf.prod(x, axis), [positive], { second: false }),
]);
rows.push(
  gradientRow('Sum', (x) => tf.sum(x), [[]]),
  gradientRow('Sum', (x) => tf.sum(x, [0, 2], true), [[2, 1, 3]]),
  gradientRow('Prod', (x) => tf.prod(x, 1), [tf.tensor2d([0, 2, -1, 0, 0, 3], [2, 3])], { second: false }),
  gradientRow('Cumsum', (x) => tf.cumsum(x, 1), [[2, 3]]),
  gradientRow('Cumsum', (x) => tf.cumsum(x, 0, true, true), [[2, 3]]),
);

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
