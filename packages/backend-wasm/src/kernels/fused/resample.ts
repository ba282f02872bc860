import { resampleKernels as kernelsOf } from '@gradstream/backend-kernels';
import type { WasmSimdBackend } from '../../wasm-simd-backend.js';
import type { Kernel } from '../kernel.js';

/** A dimension times a banded matrix. */
export const resampleKernels: readonly Kernel[] = kernelsOf<WasmSimdBackend>((backend, x, y, bands, sizes, taps) => {
  const at = { x: backend.address(x), y: backend.address(y), bands: backend.scratch(bands.byteLength) };
  backend.runtime.write(at.bands, bands);
  backend.runtime.wasm.resample(at.x, at.y, ...sizes, at.bands, taps);
});
