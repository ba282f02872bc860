import { getKernelsForBackend, registerKernel } from '@tensorflow/tfjs-core';
import type { KernelFunc, TensorInfo } from '@tensorflow/tfjs-core';
import type { Kernel, KernelCall } from './kernel.js';
import { uncovered } from './run-own.js';

/** A backend that runs kernels of tfjs-backend-cpu on its own data. */
export interface FallbackBackend {
  /** Runs one and counts it. */
  fallback<T extends TensorInfo | TensorInfo[]>(name: string, kernel: () => T): T;
}

/**
 * Registers the kernels of a backend: its own, and behind them those of tfjs-backend-cpu, which has to be loaded. Gives the names of those without an own one.
 * `where` is the package that an error names. A kernel throws `GS_BACKEND_KERNEL` where it does not cover what it got and nothing is behind it.
 */
export function registerKernels<B extends FallbackBackend>(
  backendName: string,
  where: string,
  kernels: readonly Kernel<B>[],
): readonly string[] {
  const own = new Map(kernels.map((kernel) => [kernel.name, kernel]));
  const served: string[] = [];
  for (const { kernelName, kernelFunc } of getKernelsForBackend('cpu')) {
    const kernel = own.get(kernelName);
    if (kernel === undefined) served.push(kernelName);
    own.delete(kernelName);
    registerKernel({ kernelName, backendName, kernelFunc: kernelFunction(where, kernelName, kernel, kernelFunc) });
  }
  for (const kernel of own.values())
    registerKernel({ kernelName: kernel.name, backendName, kernelFunc: kernelFunction(where, kernel.name, kernel) });
  return served.sort();
}

function kernelFunction<B extends FallbackBackend>(
  where: string,
  name: string,
  kernel: Kernel<B> | undefined,
  fallback?: KernelFunc,
): KernelFunc {
  const run = (params: Parameters<KernelFunc>[0]): TensorInfo | TensorInfo[] => {
    const call = params as unknown as KernelCall<B>;
    const result = kernel?.run(call);
    if (result !== undefined) return result;
    if (fallback === undefined) throw uncovered(where, name, call.inputs, call.attrs);
    return call.backend.fallback(name, () => fallback(params));
  };
  return run;
}
