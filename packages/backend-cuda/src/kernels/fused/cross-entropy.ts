import { crossEntropyKernels as kernelsOf } from '@gradstream/backend-kernels';
import type { CudaBackend } from '../../cuda-backend.js';
import { kernelsIn } from '../../internal/modules.js';
import type { Kernel } from '../kernel.js';
import { threadsForRow } from '../softmax.js';

const kernels = kernelsIn('softmax', {
  cross_entropy: 'ppppi',
  sparse_cross_entropy: 'ppppi',
  probability_cross_entropy: 'ppppiff',
  sparse_probability_cross_entropy: 'ppppiff',
});

/** Cross-entropies of logits and of probabilities, with their slope. */
export const crossEntropyKernels: readonly Kernel[] = kernelsOf<CudaBackend>(
  (backend, isSparse, tensors, rows, classes, epsilon) => {
    if (rows === 0) return;
    const name = epsilon === undefined ? 'cross_entropy' : 'probability_cross_entropy';
    const kernel = kernels[isSparse ? (`sparse_${name}` as const) : name];
    const at = tensors.map((tensor) => backend.address(tensor));
    const more = epsilon === undefined ? [] : [epsilon, 1 - epsilon];
    backend.runtime.launch(kernel, [rows, 1, 1], threadsForRow(classes), [...at, classes, ...more]);
  },
);
