import {
  engine,
  getBackend,
  getKernel,
  type NamedAttrMap,
  type NamedTensorMap,
  type Tensor,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import { isWatched, openEngine } from './open-engine.js';

/**
 * Runs a kernel of the active backend by name, with nothing in between: no conversion of inputs, no scope of its own.
 *
 * About half the dispatch of the tfjs op around the same kernel, and less where nothing is recorded: then the engine only learns of the results. A
 * kernel with several outputs gives an array.
 */
export function runKernel<T extends Tensor | Tensor[] = Tensor>(
  name: string,
  inputs: NamedTensorMap,
  attributes?: object,
): T {
  const open = openEngine();
  if (open.isTapeOn() || isWatched(open)) return engine().runKernel<T>(name, inputs, attributes as NamedAttrMap);
  const { backend, backendName } = open;
  const kernel = getKernel(name, backendName) as ReturnType<typeof getKernel> | undefined;
  // The engine's own error names the kernel and the backend.
  if (kernel === undefined) return engine().runKernel<T>(name, inputs, attributes as NamedAttrMap);
  const out = kernel.kernelFunc({ inputs, attrs: attributes as NamedAttrMap, backend });
  return (Array.isArray(out) ? out.map(asTensor) : asTensor(out)) as T;
}

/** True where the active backend has a kernel of this name. */
export function hasKernel(name: string): boolean {
  return (getKernel(name, getBackend()) as object | undefined) !== undefined;
}

/** Some kernels give tensors instead of descriptions of them. */
function asTensor(info: TensorInfo): Tensor {
  return 'rank' in info ? (info as Tensor) : engine().makeTensorFromTensorInfo(info);
}
