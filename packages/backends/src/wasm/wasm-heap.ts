import { getKernel, type NamedAttrMap, type NamedTensorInfoMap, type TensorInfo } from '@tensorflow/tfjs-core';

/** tfjs-core's name of the stock wasm backend. */
export const WASM = 'wasm';

/** What is used of the stock backend's inside, release 4.22.0: its tensor table, its heap and its compiled functions. */
export interface WasmBackend {
  readonly wasm: {
    cwrap(name: string, returns: null, takes: readonly ('number' | 'array')[]): (...values: unknown[]) => void;
    readonly tfjs: {
      registerTensor(id: number, size: number, offset: number): void;
      disposeData(id: number): void;
    };
  };
  /** The shape is that of the tensor that the numbers were made for, not of one that shares them in another shape. */
  readonly dataIdMap: {
    get(dataId: object): { readonly id: number; readonly memoryOffset: number; readonly shape: readonly number[] };
  };
  dataIdNextNumber: number;
  makeOutput(
    shape: readonly number[],
    dtype: string,
    offset?: number | null,
    values?: ArrayLike<number> | null,
  ): TensorInfo;
  typedArrayFromHeap(info: TensorInfo): Float32Array | Int32Array | Uint8Array;
  readSync(dataId: object): Float32Array | Int32Array | Uint8Array;
  incRef(dataId: object): void;
  disposeData(dataId: object): boolean;
}

/** Gives floats on the heap a tensor id of their own during a call: nothing is copied, nothing is freed. */
export function withView<T>(backend: WasmBackend, offset: number, size: number, use: (id: number) => T): T {
  const id = backend.dataIdNextNumber++;
  backend.wasm.tfjs.registerTensor(id, size, offset);
  try {
    return use(id);
  } finally {
    backend.wasm.tfjs.disposeData(id);
  }
}

/** Runs a kernel of the wasm backend by name and gives its first output, which the caller disposes of with `backend.disposeData`. */
export function runWasmKernel(
  name: string,
  backend: WasmBackend,
  inputs: NamedTensorInfoMap,
  attrs: NamedAttrMap = {},
): TensorInfo {
  const output = getKernel(name, WASM).kernelFunc({ inputs, backend, attrs });
  return Array.isArray(output) ? output[0]! : output;
}
