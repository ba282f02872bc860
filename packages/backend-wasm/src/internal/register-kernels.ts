import { getKernelsForBackend, registerKernel } from '@tensorflow/tfjs-core';
import type { KernelFunc, TensorInfo } from '@tensorflow/tfjs-core';
import type { Kernel, KernelCall } from '../kernels/kernel.js';
import { kernels } from '../kernels/kernels.js';
import { GradstreamError, describeShape } from '@gradstream/core';

/** Registers the kernels of a backend: its own, and behind them those of tfjs-backend-cpu, which has to be loaded. */
export function registerKernels(backendName: string): void {
  const own = new Map(kernels.map((kernel) => [kernel.name, kernel]));
  for (const { kernelName, kernelFunc } of getKernelsForBackend('cpu')) {
    const kernel = own.get(kernelName);
    own.delete(kernelName);
    registerKernel({ kernelName, backendName, kernelFunc: kernelFunction(kernelName, kernel, kernelFunc) });
  }
  for (const kernel of own.values())
    registerKernel({ kernelName: kernel.name, backendName, kernelFunc: kernelFunction(kernel.name, kernel) });
}

function kernelFunction(name: string, kernel: Kernel | undefined, fallback?: KernelFunc): KernelFunc {
  const run = (params: Parameters<KernelFunc>[0]): TensorInfo | TensorInfo[] => {
    const call = params as unknown as KernelCall;
    const result = kernel?.run(call);
    if (result !== undefined) return result;
    if (fallback === undefined) throw unsupported(name, call);
    return call.backend.fallback(name, () => fallback(params));
  };
  return run;
}

function unsupported(name: string, { inputs, attrs }: KernelCall): GradstreamError {
  const described = Object.entries(inputs).flatMap(([key, x]) =>
    Array.isArray(x) || x === undefined ? [] : [`${key} ${x.dtype} ${describeShape(x.shape)}`],
  );
  return new GradstreamError('GS_BACKEND_KERNEL', {
    where: `backend-wasm/${name}`,
    what: 'The kernel does not cover what it got',
    expected: 'shapes, dtypes and attributes that this kernel documents',
    received: `${described.join(', ')}; attributes ${JSON.stringify(attrs)}`,
    next: 'Cast the inputs to float32, or use the cpu backend for this operation.',
  });
}
