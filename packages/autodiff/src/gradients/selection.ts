import * as tf from '@tensorflow/tfjs-core';
import { alias } from '../internal/alias.js';
import { runKernel } from '../internal/run-kernel.js';
import { kernelGradient, type GradientTable } from './gradient-table.js';

/** Kernels that choose between elements by a condition or a bound. */
export const selectionGradients: GradientTable = [
  kernelGradient(tf.Select, {
    inputs: ['condition'],
    gradient: (dy, [condition]) => ({
      condition: () => tf.zeros(condition!.shape),
      t: () => choose(condition!, dy, tf.zerosLike(dy)),
      e: () => choose(condition!, tf.zerosLike(dy), dy),
    }),
  }),
  kernelGradient(tf.ClipByValue, {
    inputs: ['x'],
    output: true,
    // An element inside the bounds, or on one, comes out as it went in.
    gradient: (dy, [x, y]) => ({ x: () => choose(tf.equal(x!, y!), dy, tf.zerosLike(dy)) }),
  }),
  {
    kernelName: tf.TopK,
    inputsToSave: ['x'],
    outputsToSave: [false, true],
    gradFunc: (dys, [x, indices]) => ({ x: () => scatterLast((dys as tf.Tensor[])[0]!, indices!, x!.shape) }),
  },
];

/** `Select` without the broadcasting of `tf.where`, which copies each operand. */
function choose(condition: tf.Tensor, t: tf.Tensor, e: tf.Tensor): tf.Tensor {
  return runKernel(tf.Select, { condition, t, e });
}

/** Puts the gradients of chosen elements of the last axis where the elements came from. */
function scatterLast(dy: tf.Tensor, indices: tf.Tensor, shape: number[]): tf.Tensor {
  const size = shape.at(-1)!;
  const rows = dy.size / dy.shape.at(-1)!;
  const starts = alias(tf.range(0, rows * size, size, 'int32'), [rows, 1]);
  const places = alias(tf.add(alias(indices, [rows, dy.size / rows]), starts), [dy.size, 1]);
  return alias(tf.scatterND(places, alias(dy, [dy.size]), [rows * size]), shape);
}
