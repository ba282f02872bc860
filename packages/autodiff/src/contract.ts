import { sizeOf } from '@gradstream/core';
import * as tf from '@tensorflow/tfjs-core';
import { alias } from './internal/alias.js';
import { arrange, sizesOf, sumAway, without, type Labelled } from './internal/labelled.js';
import { runKernel } from './internal/run-kernel.js';

/**
 * The sum of products of two labelled tensors over all labels that are not wanted, as one batched matrix product: `ab` and `bc` with `ac` wanted multiply matrices.
 *
 * Every wanted label has to be in one of them, none twice in one. An operand whose dimensions already lie as the product reads them is not moved. float32; recorded, so
 * that every backend has it and its gradient.
 */
export function contract(left: Labelled, right: Labelled, wanted: string): tf.Tensor {
  return tf.tidy(() => contracted(left, right, wanted));
}

function contracted(left: Labelled, right: Labelled, wanted: string): tf.Tensor {
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
