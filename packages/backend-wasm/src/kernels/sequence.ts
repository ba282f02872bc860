import { sequenceKernels as kernelsOf } from '@gradstream/backend-kernels';
import type { WasmSimdBackend } from '../wasm-simd-backend.js';
import type { Kernel } from './kernel.js';

/** Numbers at equal distances, written where they belong. */
export const sequenceKernels: readonly Kernel[] = kernelsOf<WasmSimdBackend>((backend, count, dtype, start, step) => {
  const y = backend.output([count], dtype);
  const at = backend.address(y) >>> 2;
  const { runtime } = backend;
  runtime.aside(() => {
    const to = dtype === 'float32' ? runtime.floats : runtime.words;
    // One number is `start` itself, the sign of a zero included.
    for (let index = 0; index < count; index++)
      to[at + index] = step === 0 && count === 1 ? start : start + index * step;
  });
  return y;
});
