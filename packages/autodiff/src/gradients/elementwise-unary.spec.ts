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
import { elementwiseUnaryGradients } from './elementwise-unary.js';

await tf.setBackend('cpu');
registerGradients();

/** The kernel of an op whose name differs from it by the first letter alone. */
const kernelOf = (op: { name: string }): string => op.name[0]!.toUpperCase() + op.name.slice(1).replace(/__op$/, '');

const rows: GradientRow[] = [
  ...[tf.abs, tf.erf, tf.exp, tf.expm1, tf.neg, tf.square].map((op) =>
    gradientRow(kernelOf(op), (x) => op(x), [[2, 3]]),
  ),
  ...[tf.log, tf.log1p, tf.sqrt, tf.rsqrt, tf.reciprocal].map((op) =>
    gradientRow(kernelOf(op), (x) => op(x), [{ shape: [2, 3], low: 0.6, high: 3 }], { step: 1 / 128 }),
  ),
];

describe('elementwiseUnaryGradients', () => {
  it('are all checked', () => expect(uncoveredKernels(elementwiseUnaryGradients, rows)).toEqual([]));
  it.each(rows)('agree with finite differences: $kernel %#', checkGradientRow);
  it.each(rowsOn('wasm', rows))('are the same on wasm: $kernel %#', (row) => checkGradientRowOn('wasm', row));
});
