import * as tf from '@tensorflow/tfjs-core';
import { alias } from '../internal/alias.js';
import { dilateFilter } from '../internal/dilated-filter.js';
import { kernelGradient, type GradientTable } from './gradient-table.js';

/** Slices with strides, backward ones and all masks included: what was read goes back to its place, zeros between. */
export const stridedSliceGradients: GradientTable = [
  kernelGradient(tf.StridedSlice, {
    inputs: ['x'],
    gradient: (dy, [x], attributes) => ({
      x: () => {
        const a = attributes as unknown as tf.StridedSliceAttrs;
        const { begin, end, strides } = tf.slice_util.sliceInfo(
          x!.shape,
          a.begin,
          a.end,
          a.strides,
          a.beginMask,
          a.endMask,
          a.ellipsisMask,
          a.newAxisMask,
          a.shrinkAxisMask,
        );
        if (dy.size === 0) return tf.zeros(x!.shape);
        const sizes = tf.slice_util.computeOutShape(begin, end, strides);
        const read = alias(dy, sizes);
        const backward = strides.flatMap((stride, axis) => (stride < 0 ? [axis] : []));
        const steps = strides.map(Math.abs);
        const spread = dilateFilter(backward.length > 0 ? tf.reverse(read, backward) : read, steps);
        const first = begin.map((start, axis) =>
          strides[axis]! < 0 ? start + (sizes[axis]! - 1) * strides[axis]! : start,
        );
        return tf.pad(
          spread,
          first.map((start, axis): [number, number] => [start, x!.shape[axis]! - start - spread.shape[axis]!]),
        );
      },
    }),
  }),
];
