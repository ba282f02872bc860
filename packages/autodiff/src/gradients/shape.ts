import * as tf from '@tensorflow/tfjs-core';
import { alias } from '../internal/alias.js';
import { passTo } from '../internal/sum-to.js';
import { kernelGradient, type GradientTable } from './gradient-table.js';

/** Kernels that move elements or repeat them: the gradient moves back, or adds up. */
export const shapeGradients: GradientTable = [
  kernelGradient(tf.Identity, { gradient: (dy) => ({ x: () => alias(dy) }) }),
  kernelGradient(tf.Reshape, { inputs: ['x'], gradient: (dy, [x]) => ({ x: () => alias(dy, x!.shape) }) }),
  kernelGradient(tf.ExpandDims, {
    inputs: ['input'],
    gradient: (dy, [input]) => ({ input: () => alias(dy, input!.shape) }),
  }),
  kernelGradient(tf.Cast, {
    // Making whole numbers or flags of numbers is constant but for jumps.
    gradient: (dy, _saved, attributes) => ({
      x: () => ((attributes['dtype'] as string) === 'float32' ? alias(dy) : tf.zerosLike(dy)),
    }),
  }),
  kernelGradient(tf.Transpose, {
    gradient: (dy, _saved, attributes) => ({
      x: () => tf.transpose(dy, tf.backend_util.getUndoAxesPermutation(attributes['perm'] as number[])),
    }),
  }),
  kernelGradient(tf.Reverse, {
    gradient: (dy, _saved, attributes) => ({ x: () => tf.reverse(dy, attributes['dims'] as number[]) }),
  }),
  kernelGradient(tf.Slice, {
    inputs: ['x'],
    gradient: (dy, [x], attributes) => {
      const { begin, size } = attributes as unknown as tf.SliceAttrs;
      const [starts, sizes] = tf.slice_util.parseSliceParams(x!, begin, size) as [number[], number[]];
      const paddings = starts.map((start, index): [number, number] => [
        start,
        x!.shape[index]! - start - sizes[index]!,
      ]);
      return { x: () => tf.pad(dy, paddings) };
    },
  }),
  kernelGradient(tf.PadV2, {
    inputs: ['x'],
    gradient: (dy, [x], attributes) => {
      const { paddings } = attributes as unknown as tf.PadV2Attrs;
      const starts = paddings.map(([before]) => before);
      return { x: () => tf.slice(dy, starts, x!.shape) };
    },
  }),
  kernelGradient(tf.Tile, {
    inputs: ['x'],
    gradient: (dy, [x], attributes) => ({ x: () => sumRepeats(dy, x!.shape, attributes['reps'] as number[]) }),
  }),
  kernelGradient(tf.BroadcastTo, {
    gradient: (dy, _saved, attributes) => ({ x: () => passTo(dy, attributes['inputShape'] as number[]) }),
  }),
];

/** Sums the copies that tiling made: each dimension is split into (repeats, size) and the repeats are summed. */
function sumRepeats(dy: tf.Tensor, shape: number[], repeats: number[]): tf.Tensor {
  const split: number[] = [];
  const axes: number[] = [];
  for (const [index, count] of repeats.entries()) {
    if (count > 1) axes.push(split.push(count) - 1);
    split.push(shape[index]!);
  }
  return axes.length === 0 ? alias(dy, shape) : tf.sum(alias(dy, split), axes);
}
