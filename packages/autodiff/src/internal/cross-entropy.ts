import * as tf from '@tensorflow/tfjs-core';
import { alias } from './alias.js';
import { encodeClasses } from './encode-classes.js';
import { hasKernel, runKernel } from './run-kernel.js';
import { runOperation } from './run-operation.js';

/** A cross-entropy to compute, its shapes checked. */
export interface CrossEntropy {
  /** The backend kernel that gives the losses and their slope by the logits at once, for logits that are a matrix. */
  readonly kernelName: string;
  /** Class numbers, int32 [...], or distributions, float32 [..., classes]. */
  readonly labels: tf.Tensor;
  readonly sparse: boolean;
  /** [..., classes]. */
  readonly logits: tf.Tensor;
}

/** `-sum(labels * logSoftmax(logits))` along the last axis, with its own gradients. */
export function crossEntropy({ kernelName, labels, sparse, logits }: CrossEntropy): tf.Tensor {
  const fused = hasKernel(kernelName);
  const outer = logits.shape.slice(0, -1);
  const classes = logits.shape.at(-1)!;
  const rowShape = [tf.util.sizeFromShape(outer), classes];
  return runOperation({
    inputs: sparse ? { logits } : { labels, logits },
    forward: (save) => {
      const rows = alias(logits, rowShape);
      const rowLabels = alias(labels, sparse ? [rowShape[0]!] : rowShape);
      if (fused) {
        const [loss, slope] = runKernel<tf.Tensor[]>(kernelName, { labels: rowLabels, logits: rows });
        save([labels, logits, slope!]);
        return alias(loss!, outer);
      }
      const logSoftmax = takeLogSoftmax(rows);
      save([labels, logits, logSoftmax]);
      return alias(weigh(sparse ? encodeClasses(rowLabels, classes) : rowLabels, logSoftmax), outer);
    },
    backward: (dy, [labels, logits, kept]) => {
      const column = alias(dy, [...outer, 1]);
      // A second derivative has to see how what was kept depends on the logits: then it is made again, recorded.
      const recorded = tf.engine().isTapeOn();
      const logSoftmax = (): tf.Tensor => (recorded || fused ? tf.logSoftmax(logits!) : alias(kept!, logits!.shape));
      return {
        labels: () => tf.neg(tf.mul(column, logSoftmax())),
        logits: () => {
          if (fused && !recorded) return tf.mul(column, alias(kept!, logits!.shape));
          const softmax = tf.exp(logSoftmax());
          const slope = sparse
            ? tf.sub(softmax, encodeClasses(labels!, classes))
            : tf.sub(tf.mul(softmax, tf.sum(labels!, -1, true)), labels!);
          return tf.mul(column, slope);
        },
      };
    },
  });
}

/** `x - log(sum(exp(x)))` along the rows of a matrix, shifted by the largest number so that nothing overflows. */
function takeLogSoftmax(rows: tf.Tensor): tf.Tensor {
  const largest = runKernel(tf.Max, { x: rows }, { reductionIndices: [1], keepDims: true });
  const shifted = runKernel(tf.Sub, { a: rows, b: largest });
  const sums = runKernel(tf.Sum, { x: runKernel(tf.Exp, { x: shifted }) }, { axis: [1], keepDims: true });
  return runKernel(tf.Sub, { a: shifted, b: runKernel(tf.Log, { x: sums }) });
}

function weigh(labels: tf.Tensor, logSoftmax: tf.Tensor): tf.Tensor {
  const weighted = runKernel(tf.Multiply, { a: labels, b: logSoftmax });
  return runKernel(tf.Neg, { x: runKernel(tf.Sum, { x: weighted }, { axis: [1], keepDims: false }) });
}
