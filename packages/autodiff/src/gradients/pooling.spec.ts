import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import {
  checkGradientRow,
  checkGradientRowOn,
  gradientRow,
  type GradientRow,
  runKernel,
  rowsOn,
  uncoveredKernels,
} from '@gradstream/testing';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { registerGradients } from '../register-gradients.js';
import { poolingGradients } from './pooling.js';

await tf.setBackend('cpu');
registerGradients();

const max =
  (size: number, stride: number, pad: 'same' | 'valid' | number) =>
  (x: tf.Tensor): tf.Tensor =>
    tf.maxPool(x as tf.Tensor4D, size, stride, pad);
const average =
  (size: number | [number, number], stride: number | [number, number], pad: 'same' | 'valid' | number) =>
  (x: tf.Tensor): tf.Tensor =>
    tf.avgPool(x as tf.Tensor4D, size, stride, pad);
const image = [1, 3, 4, 2];
const second = false;

const rows: GradientRow[] = [
  gradientRow('MaxPool', max(2, 2, 'valid'), [image], { second }),
  gradientRow('MaxPool', max(2, 1, 'same'), [image], { second }),
  gradientRow('AvgPool', average(2, 1, 'valid'), [image]),
  gradientRow('AvgPool', average(2, 2, 'valid'), [[1, 5, 5, 1]]),
  gradientRow('AvgPool', average([2, 3], [1, 2], 'same'), [image]),
  gradientRow('AvgPool', average(3, 2, 'same'), [[2, 4, 4, 1]]),
  gradientRow('AvgPool', average(3, 2, 1), [[1, 4, 5, 1]]),
  gradientRow(
    'AvgPoolGrad',
    (dy, input) => runKernel('AvgPoolGrad', { dy, input }, { filterSize: 2, strides: 2, pad: 'valid' }),
    [
      [1, 2, 2, 1],
      [1, 4, 4, 1],
    ],
  ),
];

describe('poolingGradients', () => {
  it('are all checked', () => expect(uncoveredKernels(poolingGradients, rows)).toEqual([]));
  it.each(rows)('agree with finite differences: $kernel %#', checkGradientRow);
  it.each(rowsOn('wasm', rows))('are the same on wasm: $kernel %#', (row) => checkGradientRowOn('wasm', row));
});
