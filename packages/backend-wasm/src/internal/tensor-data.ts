import type { DataType, TensorInfo, backend_util } from '@tensorflow/tfjs-core';
import type { Blocks } from './heap.js';

type TypedArray = Float32Array | Int32Array | Uint8Array;

/** Bytes an element takes in the heap. Types that are not here stay outside of it. */
export const BYTES_PER_ELEMENT: Readonly<Partial<Record<DataType, number>>> = { float32: 4, int32: 4, bool: 1 };

/**
 * The data behind one or more tensors, counted by reference.
 *
 * Numbers live in the heap; strings, complex pairs and the intermediate results of a fallback kernel outside of it. `values` is always the
 * data itself, never a copy: a view of the heap that is made anew when the memory has grown.
 */
export class TensorData {
  readonly dtype: DataType;
  refCount: number;
  /** The store that has this data under the data itself as its name, for as long as it has. */
  holder: object | undefined;
  /** Real and imaginary part of a complex64 tensor. */
  complexTensorInfos?: { real: TensorInfo; imag: TensorInfo };
  readonly #memory: WebAssembly.Memory;
  #outside: backend_util.BackendValues | undefined;
  #address = 0;
  #length = 0;
  #blocks: Blocks | undefined;
  #view: TypedArray | undefined;

  constructor(memory: WebAssembly.Memory, dtype: DataType, refCount: number) {
    this.#memory = memory;
    this.dtype = dtype;
    this.refCount = refCount;
  }

  /** The address in the heap; 0 where `inHeap` is false or there are no elements. */
  get address(): number {
    return this.#address;
  }

  get length(): number {
    return this.#length;
  }

  get bytes(): number {
    return this.#length * (BYTES_PER_ELEMENT[this.dtype] ?? 0);
  }

  get inHeap(): boolean {
    return this.#outside === undefined && BYTES_PER_ELEMENT[this.dtype] !== undefined;
  }

  get values(): backend_util.BackendValues {
    if (this.#outside !== undefined) return this.#outside;
    const { buffer } = this.#memory;
    if (this.#view === undefined || this.#view.buffer !== buffer)
      this.#view = viewOf(buffer, this.dtype, this.#address, this.#length);
    return this.#view;
  }

  /** Keeps values where they are. */
  hold(values: backend_util.BackendValues | undefined): void {
    this.#outside = values;
  }

  /** Takes a new block for so many elements. */
  allocate(blocks: Blocks, length: number): void {
    this.#length = length;
    this.#outside = undefined;
    this.#blocks = blocks;
    if (length > 0) this.#address = blocks.allocate(this.bytes);
  }

  /** Gives its block back and takes another one, whose elements are the same. */
  move(blocks: Blocks, address: number): void {
    this.#blocks?.free(this.#address, this.bytes);
    this.#blocks = blocks;
    this.#address = address;
    this.#view = undefined;
  }

  /** Whether its block came from there. */
  isFrom(blocks: Blocks): boolean {
    return this.#blocks === blocks;
  }

  /** Moves held values into a block: one copy. */
  settle(blocks: Blocks): void {
    const from = this.#outside;
    if (from === undefined || BYTES_PER_ELEMENT[this.dtype] === undefined) return;
    // Growing would detach a view of the heap itself, so its place is noted first.
    const own =
      ArrayBuffer.isView(from) && from.buffer === this.#memory.buffer
        ? { at: from.byteOffset, matches: matches(this.dtype, from) }
        : undefined;
    const length = from.length;
    this.allocate(blocks, length);
    if (length === 0) return;
    if (own === undefined) {
      this.#write(from);
    } else if (own.matches) {
      new Uint8Array(this.#memory.buffer).copyWithin(this.#address, own.at, own.at + this.bytes);
    } else {
      const again = new (from.constructor as Float32ArrayConstructor)(
        this.#memory.buffer as ArrayBuffer,
        own.at,
        length,
      );
      this.#write(again.slice());
    }
  }

  release(): void {
    if (this.#address !== 0) this.#blocks?.free(this.#address, this.bytes);
    this.#blocks = undefined;
    this.#address = 0;
    this.#length = 0;
    this.#outside = undefined;
    this.#view = undefined;
  }

  #write(from: backend_util.BackendValues): void {
    const to = this.values as TypedArray;
    if (this.dtype === 'bool' && !(from instanceof Uint8Array)) {
      for (let index = 0; index < to.length; index++) to[index] = from[index] ? 1 : 0;
    } else {
      to.set(from as unknown as ArrayLike<number>);
    }
  }
}

function viewOf(buffer: ArrayBufferLike, dtype: DataType, address: number, length: number): TypedArray {
  if (dtype === 'float32') return new Float32Array(buffer, address, length);
  if (dtype === 'int32') return new Int32Array(buffer, address, length);
  return new Uint8Array(buffer, address, length);
}

function matches(dtype: DataType, values: ArrayBufferView): boolean {
  if (dtype === 'float32') return values instanceof Float32Array;
  return dtype === 'int32' ? values instanceof Int32Array : values instanceof Uint8Array;
}
