import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import {
  checkGradientRow,
  checkGradientRowOn,
  expectAllClose,
  gradientRow,
  type GradientRow,
  type RowInput,
  rowsOn,
  uncoveredKernels,
} from '@gradstream/testing';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { registerGradients } from '../register-gradients.js';
import { elementwiseBinaryGradients } from './elementwise-binary.js';

await tf.setBackend('cpu');
registerGradients();

type Op = (a: tf.Tensor, b: tf.Tensor) => tf.Tensor;
const shapes: [number[], number[]][] = [
  [
    [2, 3],
    [2, 3],
  ],
  [[2, 3], [3]],
  [[4], []],
  [[], [4]],
  [
    [2, 1],
    [1, 3],
  ],
  [
    [1, 2],
    [3, 1, 2],
  ],
  [[1, 2], [2]],
  [
    [2, 1, 2],
    [3, 1],
  ],
];
const anywhere = [-1.9, 1.7] as const;
const positive = [0.75, 2.6] as const;

const broadcast = (kernel: string, op: Op, [low, high]: readonly [number, number]): GradientRow[] =>
  shapes.map(([a, b]) => {
    const left: RowInput = low > 0 ? { shape: a, low: 0.7, high: 3 } : a;
    return gradientRow(kernel, op, [left, { shape: b, low, high }], { step: 1 / 128 });
  });

const rows: GradientRow[] = [
  ...broadcast('Add', tf.add, anywhere),
  ...broadcast('Sub', tf.sub, anywhere),
  ...broadcast('Multiply', tf.mul, anywhere),
  ...broadcast('RealDiv', tf.div, positive),
  ...broadcast('Pow', tf.pow, positive),
  ...broadcast('SquaredDifference', tf.squaredDifference, anywhere),
  ...broadcast('Maximum', tf.maximum, anywhere),
  ...broadcast('Minimum', tf.minimum, anywhere),
  ...broadcast('Atan2', tf.atan2, anywhere),
  gradientRow('Mod', (a, b) => tf.mod(a, b), [tf.tensor2d([0.5, 3.1, 4.5, 2.5], [2, 2]), tf.tensor1d([1.3, 1.7])]),
  gradientRow('AddN', (x, y, z) => tf.addN([x, y, z]), [
    [2, 2],
    [2, 2],
    [2, 2],
  ]),
];

describe('elementwiseBinaryGradients', () => {
  it('give the exponent no gradient where the base is not above 0', () => {
    const slope = tf.grad((b) => tf.pow(tf.tensor1d([-2, 0, 2]), b))(tf.tensor1d([2, 2, 2]));
    expectAllClose(slope, [0, 0, 4 * Math.LN2]);
  });
  it('give the base a gradient for whole exponents', () => {
    expectAllClose(tf.grad((x) => tf.pow(x, tf.scalar(3, 'int32')))(tf.tensor1d([-2, 0, 2])), [12, 0, 12]);
  });
  it.each([
    ['maximum', tf.maximum],
    ['minimum', tf.minimum],
  ])('give a tie to the first input: %s', (_, op) => {
    const [a, b] = tf.grads((a, b) => op(a, b))([tf.scalar(1), tf.scalar(1)]);
    expectAllClose([a!.dataSync()[0]!, b!.dataSync()[0]!], [1, 0]);
  });
  it('are all checked', () => expect(uncoveredKernels(elementwiseBinaryGradients, rows)).toEqual([]));
  it.each(rows)('agree with finite differences: $kernel %#', checkGradientRow);
  it.each(rowsOn('wasm', rows))('are the same on wasm: $kernel %#', (row) => checkGradientRowOn('wasm', row));
});
