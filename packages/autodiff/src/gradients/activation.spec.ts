import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import {
  checkGradientRow,
  checkGradientRowOn,
  expectAllClose,
  gradientRow,
  type GradientRow,
  runKernel,
  rowsOn,
  uncoveredKernels,
} from '@gradstream/testing';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { registerGradients } from '../register-gradients.js';
import { activationGradients } from './activation.js';

await tf.setBackend('cpu');
registerGradients();

/** The kernel of an op whose name differs from it by the first letter alone. */
const kernelOf = (op: { name: string }): string => op.name[0]!.toUpperCase() + op.name.slice(1).replace(/__op$/, '');

const rows: GradientRow[] = [
  ...[tf.relu, tf.sigmoid, tf.tanh, tf.elu, tf.selu, tf.softplus].map((op) =>
    gradientRow(kernelOf(op), (x) => op(x), [[2, 3]]),
  ),
  gradientRow('Relu6', (x) => tf.relu6(x), [{ shape: [2, 4], low: -4, high: 10 }]),
  gradientRow('LeakyRelu', (x) => tf.leakyRelu(x, 0.3), [[2, 3]]),
  gradientRow('Prelu', (x, alpha) => tf.prelu(x, alpha), [[2, 3], [3]]),
  gradientRow('EluGrad', (dy, y) => runKernel('EluGrad', { dy, y }), [[2, 4], { shape: [2, 4], low: -0.9, high: 2 }]),
];

describe('activationGradients', () => {
  it.each([
    ['relu at 0', tf.relu, 0, 0],
    ['relu6 at 0', tf.relu6, 0, 0],
    ['relu6 at 6', tf.relu6, 6, 0],
    ['leakyRelu at 0', (x: tf.Tensor) => tf.leakyRelu(x, 0.2), 0, 0.2],
    ['elu at 0', tf.elu, 0, 1],
  ])('take the slope of TensorFlow at a kink: %s', (_, f, x, slope) => {
    expectAllClose(tf.grad((x) => f(x))(tf.scalar(x)), [slope]);
  });
  it('are all checked', () => expect(uncoveredKernels(activationGradients, rows)).toEqual([]));
  it.each(rows)('agree with finite differences: $kernel %#', checkGradientRow);
  it.each(rowsOn('wasm', rows))('are the same on wasm: $kernel %#', (row) => checkGradientRowOn('wasm', row));
});
