import type { KernelFunc } from '@tensorflow/tfjs-core';
import type { WasmBackend } from './wasm-heap.js';

/** `Identity` that shares its input's data, as on every other backend. Stock copies it: twice the memory of each activation kept for the backward pass. */
export function wasmIdentity(stock: KernelFunc): KernelFunc {
  return ({ inputs, backend, attrs = {} }) => {
    const x = inputs['x']!;
    if (x.dtype === 'string') return stock({ inputs, backend, attrs });
    (backend as WasmBackend).incRef(x.dataId);
    return { dataId: x.dataId, shape: x.shape, dtype: x.dtype };
  };
}
