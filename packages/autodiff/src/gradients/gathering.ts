import { sizeOf } from '@gradstream/core';
import * as tf from '@tensorflow/tfjs-core';
import { alias } from '../internal/alias.js';
import { kernelGradient, type GradientTable } from './gradient-table.js';

/** Kernels that read or write rows by index: the gradient of reading is adding up, and the other way round. */
export const gatheringGradients: GradientTable = [
  kernelGradient(tf.GatherV2, {
    inputs: ['x', 'indices'],
    gradient: (dy, [x, indices], attributes) => {
      const { batchDims = 0 } = attributes as unknown as tf.GatherV2Attrs;
      const axis = tf.util.parseAxisParam(attributes['axis'] as number, x!.shape)[0]!;
      return {
        x: () =>
          batchDims === 0 ? addRows(dy, x!, indices!, axis) : addBatchedRows(dy, x!, indices!, axis, batchDims),
        indices: () => tf.zeros(indices!.shape),
      };
    },
  }),
  kernelGradient(tf.GatherNd, {
    inputs: ['params', 'indices'],
    gradient: (dy, [params, indices]) => ({
      params: () => tf.scatterND(indices!, dy, params!.shape),
      indices: () => tf.zeros(indices!.shape),
    }),
  }),
  kernelGradient(tf.ScatterNd, {
    inputs: ['indices'],
    gradient: (dy, [indices]) => ({
      indices: () => tf.zeros(indices!.shape),
      updates: () => tf.gatherND(dy, indices!),
    }),
  }),
  kernelGradient(tf.UnsortedSegmentSum, {
    inputs: ['segmentIds'],
    gradient: (dy, [segmentIds]) => ({
      // Rows with a negative segment went nowhere.
      x: () => {
        const rows = tf.gather(dy, tf.relu(segmentIds!));
        const used = tf.cast(tf.greaterEqual(segmentIds!, 0), 'float32');
        return tf.mul(rows, alias(used, [...segmentIds!.shape, ...rows.shape.slice(segmentIds!.rank).fill(1)]));
      },
      segmentIds: () => tf.zeros(segmentIds!.shape),
    }),
  }),
];

/**
 * Adds the rows of `dy` up at the places along an axis that they were read from.
 *
 * `ScatterNd` does it: it is on every backend, also where `UnsortedSegmentSum` is not, and takes time in proportion to the rows that were read.
 */
function addRows(dy: tf.Tensor, x: tf.Tensor, indices: tf.Tensor, axis: number): tf.Tensor {
  const outer = sizeOf(x.shape.slice(0, axis));
  const inner = sizeOf(x.shape.slice(axis + 1));
  const count = indices.size;
  const places = alias(indices, [count, 1]);
  const size = x.shape[axis]!;
  if (outer === 1) return alias(tf.scatterND(places, alias(dy, [count, inner]), [size, inner]), x.shape);
  const rows = alias(tf.transpose(alias(dy, [outer, count, inner]), [1, 0, 2]), [count, outer * inner]);
  const sums = alias(tf.scatterND(places, rows, [size, outer * inner]), [size, outer, inner]);
  return alias(tf.transpose(sums, [1, 0, 2]), x.shape);
}

/** The same where each element of the batch has indices of its own: the batch becomes one long axis. */
function addBatchedRows(dy: tf.Tensor, x: tf.Tensor, indices: tf.Tensor, axis: number, batchDims: number): tf.Tensor {
  const leading = batchDims < 0 ? batchDims + indices.rank : batchDims;
  const batch = sizeOf(x.shape.slice(0, leading));
  const middle = sizeOf(x.shape.slice(leading, axis));
  const size = x.shape[axis]!;
  const inner = sizeOf(x.shape.slice(axis + 1));
  const count = indices.size / batch;
  const starts = alias(tf.range(0, batch * size, size, 'int32'), [batch, 1]);
  const places = alias(tf.add(alias(indices, [batch, count]), starts), [indices.size, 1]);
  // Dimensions between the batch and the axis go along with what lies behind the axis.
  const moved = middle === 1 ? dy : tf.transpose(alias(dy, [batch, middle, count, inner]), [0, 2, 1, 3]);
  const sums = tf.scatterND(places, alias(moved, [indices.size, middle * inner]), [batch * size, middle * inner]);
  if (middle === 1) return alias(sums, x.shape);
  return alias(tf.transpose(alias(sums, [batch, size, middle, inner]), [0, 2, 1, 3]), x.shape);
}
