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
import { joiningGradients } from './joining.js';

await tf.setBackend('cpu');
registerGradients();

const rows: GradientRow[] = [
  gradientRow('Concat', (x, y) => tf.concat([x, y], 1), [
    [2, 1],
    [2, 3],
  ]),
  gradientRow('Concat', (x, y) => tf.concat([x, y], -1), [
    [2, 1],
    [2, 3],
  ]),
  gradientRow('Pack', (x, y) => tf.stack([x, y], 1), [
    [2, 3],
    [2, 3],
  ]),
  gradientRow('Pack', (x, y) => tf.stack([x, y], -1), [[2], [2]]),
  gradientRow('Unpack', (x) => tf.mul(tf.unstack(x, 1)[0]!, tf.unstack(x, 1)[2]!), [[2, 3]]),
  gradientRow('Unpack', (x) => tf.unstack(x)[0]!, [[1, 3]]),
  gradientRow('SplitV', (x) => tf.mul(tf.split(x, [1, 2], 1)[0]!, tf.split(x, [1, 2], 1)[1]!), [[2, 3]]),
];

describe('joiningGradients', () => {
  it('are all checked', () => expect(uncoveredKernels(joiningGradients, rows)).toEqual([]));
  it.each(rows)('agree with finite differences: $kernel %#', checkGradientRow);
  it.each(rowsOn('wasm', rows))('are the same on wasm: $kernel %#', (row) => checkGradientRowOn('wasm', row));
});
