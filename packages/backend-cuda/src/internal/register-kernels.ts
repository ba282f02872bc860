import { getKernelsForBackend, registerKernel, unregisterKernel } from '@tensorflow/tfjs-core';
import type { KernelFunc, TensorInfo } from '@tensorflow/tfjs-core';
import type { Kernel, KernelCall } from '../kernels/kernel.js';
import { kernels } from '../kernels/kernels.js';
import { uncovered } from '../kernels/run-own.js';

/** Registers the kernels of a backend: its own, and behind them those of tfjs-backend-cpu, which has to be loaded. Gives the names of those without an own one. */
export function registerKernels(backendName: string): readonly string[] {
  // tfjs keeps kernels when it removes a backend.
  for (const { kernelName } of getKernelsForBackend(backendName)) unregisterKernel(kernelName, backendName);
  const own = new Map(kernels.map((kernel) => [kernel.name, kernel]));
  const served: string[] = [];
  for (const { kernelName, kernelFunc } of getKernelsForBackend('cpu')) {
    const kernel = own.get(kernelName);
    if (kernel === undefined) served.push(kernelName);
    own.delete(kernelName);
    registerKernel({ kernelName, backendName, kernelFunc: kernelFunction(kernelName, kernel, kernelFunc) });
  }
  for (const kernel of own.values())
    registerKernel({ kernelName: kernel.name, backendName, kernelFunc: kernelFunction(kernel.name, kernel) });
  return served.sort();
}

function kernelFunction(name: string, kernel: Kernel | undefined, fallback?: KernelFunc): KernelFunc {
  const run = (params: Parameters<KernelFunc>[0]): TensorInfo | TensorInfo[] => {
    const call = params as unknown as KernelCall;
    const result = kernel?.run(call);
    if (result !== undefined) return result;
    if (fallback === undefined) throw uncovered(name, call.inputs, call.attrs);
    return call.backend.fallback(name, () => fallback(params));
  };
  return run;
}
