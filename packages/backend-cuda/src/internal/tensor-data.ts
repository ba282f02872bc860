import type { DataType, TensorInfo, backend_util } from '@tensorflow/tfjs-core';
import type { Block } from '../memory/pool.js';

/** An array of the numbers of a tensor. */
export type TypedArray = Float32Array | Int32Array | Uint8Array;

/** Bytes an element takes on the device. Types that are not here stay on the host. */
export const BYTES_PER_ELEMENT: Readonly<Partial<Record<DataType, number>>> = { float32: 4, int32: 4, bool: 1 };

/**
 * The data behind one or more tensors, counted by reference: on the device, on the host, or on both.
 *
 * What the host gave stays there until a kernel needs it. `values` is what kernels of tfjs-backend-cpu read: it brings the numbers to the host where they are not.
 */
export class TensorData {
  readonly dtype: DataType;
  readonly length: number;
  refCount: number;
  /** Real and imaginary part of a complex64 tensor. */
  complexTensorInfos?: { real: TensorInfo; imag: TensorInfo };
  /** Where it lies on the device. */
  block: Block | undefined;
  /** Where its numbers lie in 16 bits, and what they are rounded to: in place of `block`, or beside it once somebody needed 32 bits. */
  half: { readonly kind: 'bf16' | 'f16'; readonly block: Block } | undefined;
  /** The same numbers on the host. */
  host: backend_util.BackendValues | undefined;
  readonly #read: (data: TensorData) => TypedArray;

  constructor(dtype: DataType, length: number, refCount: number, read: (data: TensorData) => TypedArray) {
    this.dtype = dtype;
    this.length = length;
    this.refCount = refCount;
    this.#read = read;
  }

  get bytes(): number {
    return this.length * (BYTES_PER_ELEMENT[this.dtype] ?? 0);
  }

  get values(): backend_util.BackendValues {
    if (this.host !== undefined) return this.host;
    const isNowhere = this.block === undefined && this.half === undefined && this.length > 0;
    return isNowhere ? (undefined as never) : this.#read(this);
  }
}

/** An array for so many elements of a type. */
export function arrayOf(dtype: DataType, length: number): TypedArray {
  if (dtype === 'float32') return new Float32Array(length);
  return dtype === 'int32' ? new Int32Array(length) : new Uint8Array(length);
}

/** Values in the array that the type has on the device; the same array where it is that already. */
export function typed(values: backend_util.BackendValues, dtype: DataType): TypedArray {
  if (dtype === 'float32')
    return values instanceof Float32Array ? values : Float32Array.from(values as unknown as ArrayLike<number>);
  if (dtype === 'int32')
    return values instanceof Int32Array ? values : Int32Array.from(values as unknown as ArrayLike<number>);
  return values instanceof Uint8Array
    ? values
    : Uint8Array.from(values as unknown as ArrayLike<number>, (value) => Number(value !== 0));
}
