import type { DataType, NamedAttrMap, NamedTensorInfoMap, TensorInfo } from '@tensorflow/tfjs-core';

/** What the kernels of this package ask of any backend. */
export interface OutputBackend {
  /** A tensor whose elements are about to be written. */
  output(shape: number[], dtype: DataType): TensorInfo;
  /** The same data under another shape; counts one reference more. */
  share(x: TensorInfo, shape?: number[]): TensorInfo;
  disposeIntermediateTensorInfo(x: TensorInfo): void;
}

/** What a kernel is called with. */
export interface KernelCall<B> {
  readonly inputs: NamedTensorInfoMap;
  readonly attrs: NamedAttrMap;
  readonly backend: B;
}

/**
 * One kernel of a backend under its tfjs name. `run` returns undefined for what it does not cover (a dtype, an attribute): tfjs-backend-cpu's kernel of
 * the same name runs instead, and is counted.
 */
export interface Kernel<B> {
  readonly name: string;
  readonly run: (call: KernelCall<B>) => TensorInfo | TensorInfo[] | undefined;
}
