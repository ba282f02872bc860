import * as tf from '@tensorflow/tfjs-core';
import { alias } from '../internal/alias.js';
import { kernelGradient, type GradientTable } from './gradient-table.js';

/** Kernels that write or add up elements whose places are tensors of their own. Places have no gradient. */
export const sparseGradients: GradientTable = [
  kernelGradient(tf.TensorScatterUpdate, {
    inputs: ['indices', 'updates'],
    gradient: (dy, [indices, updates]) => ({
      // Not with the kernel itself: tfjs-backend-cpu writes the updates into the tensor it is given.
      tensor: () => {
        const replaced = tf.scatterND(indices!, tf.ones(updates!.shape), dy.shape);
        return tf.where(tf.equal(replaced, 0), dy, tf.zerosLike(dy));
      },
      indices: () => tf.zeros(indices!.shape),
      updates: () => tf.gatherND(dy, indices!),
    }),
  }),
  kernelGradient(tf.SparseToDense, {
    inputs: ['sparseIndices', 'sparseValues'],
    gradient: (dy, [indices, values]) => {
      // A row of coordinates for each value, whatever was left out for a single value or dimension.
      const read = (): tf.Tensor => {
        const coordinates = indices!.rank === 2 ? indices!.shape[1]! : 1;
        return tf.gatherND(dy, alias(indices!, [indices!.size / coordinates, coordinates]));
      };
      return {
        sparseIndices: () => tf.zeros(indices!.shape),
        sparseValues: () => (values!.rank === 0 ? tf.sum(read()) : alias(read(), values!.shape)),
        defaultValue: () => tf.sub(tf.sum(dy), tf.sum(read())),
      };
    },
  }),
  kernelGradient(tf.SparseSegmentSum, {
    inputs: ['data', 'indices', 'segmentIds'],
    gradient: (dy, saved) => segmentThunks(dy, saved),
  }),
  kernelGradient(tf.SparseSegmentMean, {
    inputs: ['data', 'indices', 'segmentIds'],
    gradient: (dy, saved) => segmentThunks(dy, saved, true),
  }),
  {
    kernelName: tf.SparseFillEmptyRows,
    outputsToSave: [false, false, false, true],
    inputsToSave: ['indices', 'denseShape'],
    gradFunc: (dys, [indices, denseShape, kept]) => {
      const dy = (dys as tf.Tensor[])[1]!;
      const read = (): tf.Tensor => tf.gather(dy, kept!);
      return {
        indices: () => tf.zeros(indices!.shape),
        values: read,
        denseShape: () => tf.zeros(denseShape!.shape),
        defaultValue: () => tf.sub(tf.sum(dy), tf.sum(read())),
      };
    },
  },
  kernelGradient(tf.Bincount, {
    inputs: ['x', 'weights'],
    gradient: (dy, [x, weights]) => ({
      x: () => tf.zeros(x!.shape),
      weights: () => readBins(dy, x!, weights!),
    }),
  }),
  kernelGradient(tf.DenseBincount, {
    inputs: ['x', 'weights'],
    gradient: (dy, [x, weights], attributes) => ({
      x: () => tf.zeros(x!.shape),
      // Binary output says only which numbers occur.
      weights: () => (attributes['binaryOutput'] === true ? tf.zeros(weights!.shape) : readBins(dy, x!, weights!)),
    }),
  }),
];

function segmentThunks(
  dy: tf.Tensor,
  [data, indices, segmentIds]: tf.Tensor[],
  mean = false,
): Record<string, () => tf.Tensor> {
  return {
    data: () => {
      const { shape } = data!;
      const [rows, segments, count] = [shape[0]!, dy.shape[0]!, segmentIds!.size];
      const inner = data!.size / rows;
      let read = tf.gather(alias(dy, [segments, inner]), segmentIds!);
      if (mean) {
        const sizes = tf.scatterND(alias(segmentIds!, [count, 1]), tf.ones([count]), [segments]);
        read = tf.div(read, alias(tf.gather(sizes, segmentIds!), [count, 1]));
      }
      return alias(tf.scatterND(alias(indices!, [count, 1]), read, [rows, inner]), shape);
    },
    indices: () => tf.zeros(indices!.shape),
    segmentIds: () => tf.zeros(segmentIds!.shape),
  };
}

/** What each weight was added to. Numbers from `size` on were not counted, and without weights there is nothing to be differentiated. */
function readBins(dy: tf.Tensor, x: tf.Tensor, weights: tf.Tensor): tf.Tensor {
  if (weights.size === 0) return tf.zeros(weights.shape);
  const size = dy.shape.at(-1)!;
  const counted = tf.less(x, size);
  const places = tf.where(counted, x, tf.zerosLike(x));
  // Rows of a matrix have bins of their own, one after the other.
  const rows = dy.size / size;
  const starts = alias(tf.range(0, rows * size, size, 'int32'), [rows, 1]);
  const bins = tf.add(alias(places, [rows, x.size / rows]), starts);
  const read = tf.gather(alias(dy, [dy.size]), alias(bins, [x.size]));
  return tf.mul(alias(read, weights.shape), alias(tf.cast(counted, 'float32'), weights.shape));
}
