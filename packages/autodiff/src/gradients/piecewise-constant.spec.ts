import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import {
  checkGradientRow,
  checkGradientRowOn,
  gradientRow,
  type GradientRow,
  type RowInput,
  rowsOn,
  uncoveredKernels,
} from '@gradstream/testing';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { registerGradients } from '../register-gradients.js';
import { piecewiseConstantGradients } from './piecewise-constant.js';

await tf.setBackend('cpu');
registerGradients();

/** The kernel of an op whose name differs from it by the first letter alone. */
const kernelOf = (op: { name: string }): string => op.name[0]!.toUpperCase() + op.name.slice(1).replace(/__op$/, '');

const float = (x: tf.Tensor): tf.Tensor => tf.cast(x, 'float32');
const bool = (x: tf.Tensor): tf.Tensor => tf.cast(x, 'bool');
const second = false;
const near: RowInput = { shape: [3], low: -1, high: 1.5 };

const rows: GradientRow[] = [
  ...[tf.ceil, tf.floor, tf.round, tf.sign, tf.step].map((op) =>
    gradientRow(kernelOf(op), (x) => op(x), [{ shape: [2, 2], low: -1.4, high: 1.9 }], { second }),
  ),
  ...[tf.isFinite, tf.isInf].map((op) => gradientRow(kernelOf(op), (x) => float(op(x)), [[2, 3]], { second })),
  gradientRow('IsNan', (x) => float(tf.isNaN(x)), [[2, 3]], { second }),
  gradientRow('LogicalNot', (x) => float(tf.logicalNot(bool(x))), [[2, 3]], { second }),
  ...[tf.all, tf.any].map((op) => gradientRow(kernelOf(op), (x) => float(op(bool(x), 1)), [[2, 3]], { second })),
  ...[tf.argMax, tf.argMin].map((op) => gradientRow(kernelOf(op), (x) => float(op(x, 1)), [[2, 4]], { second })),
  ...[tf.onesLike, tf.zerosLike].map((op) => gradientRow(kernelOf(op), (x) => op(x), [[2, 3]], { second })),
  ...[tf.equal, tf.notEqual, tf.greater, tf.greaterEqual, tf.less, tf.lessEqual].map((op) =>
    gradientRow(kernelOf(op), (a, b) => float(op(a, b)), [[2, 3], near], { second }),
  ),
  ...[tf.logicalAnd, tf.logicalOr].map((op) =>
    gradientRow(kernelOf(op), (a, b) => float(op(bool(a), bool(b))), [[2, 3], [3]], { second }),
  ),
  gradientRow(
    'FloorDiv',
    (a, b) => tf.floorDiv(a, b),
    [tf.tensor2d([0.5, 3.1, 4.5, 2.5], [2, 2]), tf.tensor1d([1.3, 1.7])],
    { second },
  ),
  gradientRow(
    'OneHot',
    (x) => float(tf.oneHot(tf.cast(x as tf.Tensor1D, 'int32'), 4)),
    [{ shape: [3], low: 0.2, high: 3.7 }],
    { second },
  ),
];

describe('piecewiseConstantGradients', () => {
  it('are all checked', () => expect(uncoveredKernels(piecewiseConstantGradients, rows)).toEqual([]));
  it.each(rows)('agree with finite differences: $kernel %#', checkGradientRow);
  it.each(rowsOn('wasm', rows))('are the same on wasm: $kernel %#', (row) => checkGradientRowOn('wasm', row));
});
