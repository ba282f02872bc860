import { crossEntropyKernels as kernelsOf } from '@gradstream/backend-kernels';
import type { WasmSimdBackend } from '../../wasm-simd-backend.js';
import type { Kernel } from '../kernel.js';

/** Cross-entropies of logits and of probabilities, with their slope. */
export const crossEntropyKernels: readonly Kernel[] = kernelsOf<WasmSimdBackend>(
  (backend, isSparse, tensors, rows, classes, epsilon) => {
    const { wasm } = backend.runtime;
    const at = tensors.map((x) => backend.address(x)) as [number, number, number, number];
    if (epsilon === undefined) wasm.crossEntropy(Number(isSparse), ...at, rows, classes);
    else wasm.probabilityCrossEntropy(Number(isSparse), ...at, rows, classes, epsilon, 1 - epsilon);
  },
);
