import { registerKernels as register } from '@gradstream/backend-kernels';
import { getKernelsForBackend, unregisterKernel } from '@tensorflow/tfjs-core';
import { kernels } from '../kernels/kernels.js';

/** Registers the kernels of a backend of this package; see `registerKernels` of @gradstream/backend-kernels. */
export function registerKernels(backendName: string): readonly string[] {
  // tfjs keeps kernels when it removes a backend.
  for (const { kernelName } of getKernelsForBackend(backendName)) unregisterKernel(kernelName, backendName);
  return register(backendName, 'backend-cuda', kernels);
}
