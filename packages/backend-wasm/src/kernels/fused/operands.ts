import { util } from '@tensorflow/tfjs-core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { WasmSimdBackend } from '../../wasm-simd-backend.js';

/** Where the only element of a tensor is in `floats` and `words` of the runtime: nothing is waited for, it is in this thread's memory. To be read `aside`. */
export function placeOf(backend: WasmSimdBackend, x: TensorInfo): number {
  return backend.address(x) >>> 2;
}

/** The number of elements. */
export const sizeOf = ({ shape }: TensorInfo): number => util.sizeFromShape(shape);
