import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import {
  checkGradientRow,
  checkGradientRowOn,
  gradientRow,
  type GradientRow,
  rowsOn,
  uncoveredKernels,
} from '@gradstream/testing';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { registerGradients } from '../register-gradients.js';
import { shapeGradients } from './shape.js';

await tf.setBackend('cpu');
registerGradients();

const whole = { shape: [2, 2], low: 0.2, high: 3.7 };

const rows: GradientRow[] = [
  gradientRow('Identity', (x) => tf.clone(x), [[2, 3]]),
  gradientRow('Reshape', (x) => tf.reshape(x, [3, 2]), [[2, 3]]),
  gradientRow('ExpandDims', (x) => tf.expandDims(x, 1), [[2, 3]]),
  gradientRow('Cast', (x) => tf.cast(x, 'float32'), [[2, 3]]),
  gradientRow('Cast', (x) => tf.cast(tf.cast(x, 'int32'), 'float32'), [whole], { second: false }),
  gradientRow('Transpose', (x) => tf.transpose(x, [2, 0, 1]), [[2, 3, 2]]),
  gradientRow('Reverse', (x) => tf.reverse(x, [1]), [[2, 3]]),
  gradientRow('Slice', (x) => tf.slice(x, [1, 0], [1, -1]), [[3, 2]]),
  gradientRow('Slice', (x) => tf.slice(x, 1), [[3, 2]]),
  gradientRow(
    'PadV2',
    (x) =>
      tf.pad(
        x,
        [
          [1, 0],
          [2, 1],
        ],
        3,
      ),
    [[2, 2]],
  ),
  gradientRow('Tile', (x) => tf.tile(x, [2, 1, 3]), [[2, 2, 1]]),
  gradientRow('Tile', (x) => tf.tile(x, [1]), [[4]]),
];

describe('shapeGradients', () => {
  it('are all checked', () => expect(uncoveredKernels(shapeGradients, rows)).toEqual([]));
  it.each(rows)('agree with finite differences: $kernel %#', checkGradientRow);
  it.each(rowsOn('wasm', rows))('are the same on wasm: $kernel %#', (row) => checkGradientRowOn('wasm', row));
});
