import {
  engine,
  getBackend,
  getKernel,
  type NamedAttrMap,
  type NamedTensorMap,
  type Tensor,
} from '@tensorflow/tfjs-core';

/**
 * Runs a kernel of the active backend by name, with nothing in between: no conversion of inputs, no scope of its own.
 *
 * About half the dispatch of the tfjs op around the same kernel. A kernel with several outputs gives an array.
 */
export function runKernel<T extends Tensor | Tensor[] = Tensor>(
  name: string,
  inputs: NamedTensorMap,
  attributes?: object,
): T {
  return engine().runKernel<T>(name, inputs, attributes as NamedAttrMap);
}

/** True where the active backend has a kernel of this name. */
export function hasKernel(name: string): boolean {
  return (getKernel(name, getBackend()) as object | undefined) !== undefined;
}
