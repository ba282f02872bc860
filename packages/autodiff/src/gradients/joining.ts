import * as tf from '@tensorflow/tfjs-core';
import { alias } from '../internal/alias.js';
import { kernelGradient, type GradientTable } from './gradient-table.js';

/** Kernels that join tensors or take one apart along an axis. */
export const joiningGradients: GradientTable = [
  kernelGradient(tf.Concat, {
    allInputs: true,
    gradient: (dy, inputs, attributes) => {
      const axis = tf.util.parseAxisParam(attributes['axis'] as number, dy.shape)[0]!;
      const thunks: Record<string, () => tf.Tensor> = {};
      let start = 0;
      for (const [index, input] of inputs.entries()) {
        const begin = dy.shape.map((_, dimension) => (dimension === axis ? start : 0));
        thunks[index] = () => tf.slice(dy, begin, input.shape);
        start += input.shape[axis]!;
      }
      return thunks;
    },
  }),
  kernelGradient(tf.Pack, {
    allInputs: true,
    gradient: (dy, inputs, attributes) => {
      const axis = tf.util.parseAxisParam(attributes['axis'] as number, dy.shape)[0]!;
      const size = dy.shape.map((length, dimension) => (dimension === axis ? 1 : length));
      const part = (index: number): tf.Tensor => {
        const begin = dy.shape.map((_, dimension) => (dimension === axis ? index : 0));
        return alias(tf.slice(dy, begin, size), inputs[index]!.shape);
      };
      return Object.fromEntries(inputs.map((_, index) => [index, () => part(index)]));
    },
  }),
  {
    kernelName: tf.Unpack,
    gradFunc: (dys, _saved, attributes) => ({ value: () => tf.stack(listOf(dys), attributes['axis'] as number) }),
  },
  {
    kernelName: tf.SplitV,
    gradFunc: (dys, _saved, attributes) => ({ x: () => tf.concat(listOf(dys), attributes['axis'] as number) }),
  },
];

/** The engine hands over a single gradient as it is, several as a list. */
const listOf = (dys: tf.Tensor | tf.Tensor[]): tf.Tensor[] => (Array.isArray(dys) ? dys : [dys]);
