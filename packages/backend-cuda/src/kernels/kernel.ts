import type { NamedAttrMap, NamedTensorInfoMap, TensorInfo } from '@tensorflow/tfjs-core';
import type { CudaBackend } from '../cuda-backend.js';

/** What a kernel is called with. */
export interface KernelCall {
  readonly inputs: NamedTensorInfoMap;
  readonly attrs: NamedAttrMap;
  readonly backend: CudaBackend;
}

/**
 * One kernel of this backend under its tfjs name. `run` returns undefined for what it does not cover (a dtype, an attribute): tfjs-backend-cpu's kernel of
 * the same name runs instead, and is counted.
 */
export interface Kernel {
  readonly name: string;
  readonly run: (call: KernelCall) => TensorInfo | TensorInfo[] | undefined;
}
