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
import { matrixProductGradients } from './matrix-product.js';

await tf.setBackend('cpu');
registerGradients();

const batches: [number[], number[]][] = [
  [[], []],
  [[2], [2]],
  [[2], []],
  [[], [2]],
  [
    [2, 2],
    [1, 2],
  ],
  [[1, 2], []],
];

const rows: GradientRow[] = [false, true].flatMap((transposeA) =>
  [false, true].flatMap((transposeB) => {
    const a = transposeA ? [3, 2] : [2, 3];
    const b = transposeB ? [4, 3] : [3, 4];
    return batches.map(([left, right]) =>
      gradientRow(
        'BatchMatMul',
        (x, y) => tf.matMul(x, y, transposeA, transposeB),
        [
          [...left, ...a],
          [...right, ...b],
        ],
        {
          second: left.length < 2,
        },
      ),
    );
  }),
);

describe('matrixProductGradients', () => {
  it('are all checked', () => expect(uncoveredKernels(matrixProductGradients, rows)).toEqual([]));
  it.each(rows)('agree with finite differences: $kernel %#', checkGradientRow);
  it.each(rowsOn('wasm', rows))('are the same on wasm: $kernel %#', (row) => checkGradientRowOn('wasm', row));
});
