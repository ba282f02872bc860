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
import { trigonometricGradients } from './trigonometric.js';

await tf.setBackend('cpu');
registerGradients();

/** The kernel of an op whose name differs from it by the first letter alone. */
const kernelOf = (op: { name: string }): string => op.name[0]!.toUpperCase() + op.name.slice(1).replace(/__op$/, '');

const rows: GradientRow[] = [
  ...[tf.asinh, tf.atan, tf.cos, tf.cosh, tf.sin, tf.sinh].map((op) =>
    gradientRow(kernelOf(op), (x) => op(x), [[2, 3]]),
  ),
  ...[tf.acos, tf.asin, tf.atanh, tf.tan].map((op) =>
    gradientRow(kernelOf(op), (x) => op(x), [{ shape: [2, 3], low: -0.7, high: 0.8 }], { step: 1 / 128 }),
  ),
  gradientRow('Acosh', (x) => tf.acosh(x), [{ shape: [2, 3], low: 1.5, high: 4 }]),
];

describe('trigonometricGradients', () => {
  it('are all checked', () => expect(uncoveredKernels(trigonometricGradients, rows)).toEqual([]));
  it.each(rows)('agree with finite differences: $kernel %#', checkGradientRow);
  it.each(rowsOn('wasm', rows))('are the same on wasm: $kernel %#', (row) => checkGradientRowOn('wasm', row));
});
