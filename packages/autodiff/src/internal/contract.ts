import { sizeOf } from '@gradstream/core';
import * as tf from '@tensorflow/tfjs-core';
import { alias } from './alias.js';
import { runKernel } from './run-kernel.js';

/** A tensor and a letter for each of its dimensions. */
export interface Labelled {
  readonly tensor: tf.Tensor;
  readonly labels: string;
}

/**
 * The sum of products of two labelled tensors over all labels that are not wanted, as one batched matrix product.
 *
 * Every wanted label has to be in one of them, none twice in one.
 */
export function contract(left: Labelled, right: Labelled, wanted: string): tf.Tensor {
  const a = sumAway(
    left,
    [...left.labels].filter((label) => !wanted.includes(label) && !right.labels.includes(label)),
  );
  const b = sumAway(
    right,
    [...right.labels].filter((label) => !wanted.includes(label) && !left.labels.includes(label)),
  );
  const shared = [...a.labels].filter((label) => b.labels.includes(label));
  const batch = shared.filter((label) => wanted.includes(label)).join('');
  const summed = shared.filter((label) => !wanted.includes(label)).join('');
  const rows = without(a.labels, shared);
  const columns = without(b.labels, shared);
  const size = (labels: string): number => sizeOf(sizesOf([a, b], labels));
  // Whichever order an operand already has.
  const transposeA = a.labels === batch + summed + rows;
  const transposeB = b.labels === batch + columns + summed;
  const product = runKernel(
    tf.BatchMatMul,
    {
      a: alias(
        arrange(a, transposeA ? a.labels : batch + rows + summed),
        transposeA ? [size(batch), size(summed), size(rows)] : [size(batch), size(rows), size(summed)],
      ),
      b: alias(
        arrange(b, transposeB ? b.labels : batch + summed + columns),
        transposeB ? [size(batch), size(columns), size(summed)] : [size(batch), size(summed), size(columns)],
      ),
    },
    { transposeA, transposeB },
  );
  const labels = batch + rows + columns;
  return arrange({ tensor: alias(product, sizesOf([a, b], labels)), labels }, wanted);
}

/** The sum over all labels that are not wanted, the others in the wanted order, always a tensor of its own. */
export function reduceTo(x: Labelled, wanted: string): tf.Tensor {
  const away = [...x.labels].filter((label) => !wanted.includes(label));
  const reduced = arrange(sumAway(x, away), wanted);
  return reduced === x.tensor ? alias(reduced) : reduced;
}

/** Repeats a tensor along labels that it lacks. */
export function spreadTo({ tensor, labels }: Labelled, wanted: string, shape: readonly number[]): tf.Tensor {
  const kept = [...wanted].filter((label) => labels.includes(label)).join('');
  const moved = arrange({ tensor, labels }, kept);
  if (kept === wanted) return moved;
  const thin = [...wanted].map((label, index) => (labels.includes(label) ? shape[index]! : 1));
  return tf.mul(alias(moved, thin), tf.ones([...shape]));
}

function sumAway({ tensor, labels }: Labelled, away: readonly string[]): Labelled {
  if (away.length === 0) return { tensor, labels };
  const axes = away.map((label) => labels.indexOf(label));
  return { tensor: tf.sum(tensor, axes), labels: without(labels, away) };
}

function arrange({ tensor, labels }: Labelled, wanted: string): tf.Tensor {
  if (labels === wanted) return tensor;
  return tf.transpose(
    tensor,
    [...wanted].map((label) => labels.indexOf(label)),
  );
}

function sizesOf(tensors: readonly Labelled[], labels: string): number[] {
  return [...labels].map((label) => {
    const { tensor, labels: own } = tensors.find((candidate) => candidate.labels.includes(label))!;
    return tensor.shape[own.indexOf(label)]!;
  });
}

const without = (labels: string, away: readonly string[]): string =>
  [...labels].filter((label) => !away.includes(label)).join('');
