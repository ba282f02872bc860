import { checkNumber, describeShape, GradstreamError } from '@gradstream/core';
import * as tf from '@tensorflow/tfjs-core';
import { alias } from './internal/alias.js';
import { encodeClasses } from './internal/encode-classes.js';
import { hasKernel, runKernel } from './internal/run-kernel.js';
import { runOperation } from './internal/run-operation.js';

/**
 * Cross-entropy of class probabilities, along the last axis: `-sum(t log(clip(p / sum(p))))`, clipped to [epsilon, 1 - epsilon].
 *
 * `probabilities` p are float32 [..., classes]; `labels` are class numbers, int32 [...], or distributions t, float32 [..., classes]. Gives one value a row,
 * [...]. With `q = p / sum(p)` and `r = t / clip(q)` where the clip leaves q alone, 0 elsewhere, the gradient by p is `(sum(r q) - r) / sum(p)`; labels have
 * none. A class number outside the classes has the loss 0. Keras' formula on backends other than TensorFlow. Throws `GS_AUTODIFF_SHAPE` where the shapes do
 * not fit and `GS_OPTION_VALUE` for an epsilon outside (0, 0.5).
 *
 * Runs the backend's kernels `GradstreamProbabilityCrossEntropy` and `GradstreamSparseProbabilityCrossEntropy` where there are any.
 */
export function probabilityCrossEntropy(labels: tf.Tensor, probabilities: tf.Tensor, epsilon = 1e-7): tf.Tensor {
  const where = 'autodiff/probabilityCrossEntropy';
  checkNumber(where, 'epsilon', epsilon, { min: 0, max: 0.5, exclusive: 'both' });
  const sparse = labels.dtype === 'int32';
  const outer = probabilities.shape.slice(0, -1);
  if (probabilities.rank === 0 || !tf.util.arraysEqual(labels.shape, sparse ? outer : probabilities.shape))
    throw shapeError(where, labels, probabilities);
  const kernel = `Gradstream${sparse ? 'Sparse' : ''}ProbabilityCrossEntropy`;
  return hasKernel(kernel)
    ? fused(kernel, labels, probabilities, epsilon)
    : plain(sparse ? encodeClasses(labels, probabilities.shape.at(-1)!) : labels, probabilities, epsilon);
}

/** Losses and slope in one kernel; for a second derivative the slope is made again, recorded. */
function fused(kernel: string, labels: tf.Tensor, probabilities: tf.Tensor, epsilon: number): tf.Tensor {
  const outer = probabilities.shape.slice(0, -1);
  const classes = probabilities.shape.at(-1)!;
  const rows = tf.util.sizeFromShape(outer);
  return runOperation({
    inputs: { p: probabilities },
    forward: (save) => {
      const inputs = {
        labels: alias(labels, labels.dtype === 'int32' ? [rows] : [rows, classes]),
        probabilities: alias(probabilities, [rows, classes]),
      };
      const [loss, slope] = runKernel<tf.Tensor[]>(kernel, inputs, { epsilon });
      save([labels, probabilities, slope!]);
      return alias(loss!, outer);
    },
    backward: (dy, [t, p, slope]) => ({
      p: () => {
        if (!tf.engine().isTapeOn()) return tf.mul(alias(slope!, probabilities.shape), alias(dy, [...outer, 1]));
        const distributions = t!.dtype === 'int32' ? encodeClasses(t!, classes) : t!;
        return gradient(dy, distributions, p!, epsilon);
      },
    }),
  });
}

function plain(labels: tf.Tensor, probabilities: tf.Tensor, epsilon: number): tf.Tensor {
  return runOperation({
    inputs: { p: probabilities },
    forward: (save) => {
      save([labels, probabilities]);
      const clipped = clip(tf.div(probabilities, tf.sum(probabilities, -1, true)), epsilon);
      return tf.neg(tf.sum(tf.mul(labels, tf.log(clipped)), -1));
    },
    backward: (dy, [t, p]) => ({ p: () => gradient(dy, t!, p!, epsilon) }),
  });
}

function gradient(dy: tf.Tensor, labels: tf.Tensor, probabilities: tf.Tensor, epsilon: number): tf.Tensor {
  const total = tf.sum(probabilities, -1, true);
  const q = tf.div(probabilities, total);
  const clipped = clip(q, epsilon);
  const ratio = tf.mul(tf.div(labels, clipped), tf.cast(tf.equal(q, clipped), 'float32'));
  return tf.mul(tf.sub(tf.sum(tf.mul(ratio, q), -1, true), ratio), tf.div(tf.expandDims(dy, -1), total));
}

/** NaN stays NaN on every backend: tfjs's own clip gives the lower limit on WASM. */
function clip(p: tf.Tensor, epsilon: number): tf.Tensor {
  return tf.minimum(tf.maximum(p, tf.fill([], epsilon)), tf.fill([], 1 - epsilon));
}

function shapeError(where: string, labels: tf.Tensor, probabilities: tf.Tensor): GradstreamError {
  return new GradstreamError('GS_AUTODIFF_SHAPE', {
    where,
    what: 'The labels do not fit the probabilities',
    expected: `int32 ${describeShape(probabilities.shape.slice(0, -1))} or float32 ${describeShape(probabilities.shape)}`,
    received: `${labels.dtype} ${describeShape(labels.shape)}`,
    next: 'Give a class number for each row, or rows of one number a class.',
  });
}
