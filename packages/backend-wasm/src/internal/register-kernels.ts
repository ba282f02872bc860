import { registerKernels as register } from '@gradstream/backend-kernels';
import { kernels } from '../kernels/kernels.js';

/** Registers the kernels of a backend of this package; see `registerKernels` of @gradstream/backend-kernels. */
export function registerKernels(backendName: string): readonly string[] {
  return register(backendName, 'backend-wasm', kernels);
}
