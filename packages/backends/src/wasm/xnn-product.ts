import type { TensorInfo } from '@tensorflow/tfjs-core';
import { withView, type WasmBackend } from './wasm-heap.js';

/** A row-major matrix on the heap: `info` holds one or many of them, `index` says which. */
export interface HeapMatrix {
  readonly info: TensorInfo;
  readonly index: number;
  readonly rows: number;
  readonly columns: number;
}

type Multiply = (...values: unknown[]) => void;

const multiplyOf = new WeakMap<object, Multiply>();

/**
 * The shape under which a tensor's data was packed as a right operand. XNNPACK keeps a packed copy a tensor id, without looking at the
 * shape: the same data seen as another matrix would be multiplied with the first one's layout.
 */
const packedShape = new WeakMap<object, string>();

/** True where the stock product may take this data as a right operand of this shape. */
export function mayPack(dataId: object, rows: number, columns: number): boolean {
  const shape = `${rows},${columns}`;
  const known = packedShape.get(dataId);
  if (known === undefined) packedShape.set(dataId, shape);
  return known === undefined || known === shape;
}

/** Multiplies two plain float32 matrices with XNNPACK: `output = left right`. */
export function xnnProduct(backend: WasmBackend, left: HeapMatrix, right: HeapMatrix, output: HeapMatrix): void {
  const run = (leftId: number, rightId: number, outputId: number): void =>
    multiply(backend)(leftId, shapeBytes(left), 3, rightId, shapeBytes(right), 3, false, false, outputId);
  withId(backend, left, (leftId) =>
    withRightId(backend, right, (rightId) => withId(backend, output, (outputId) => run(leftId, rightId, outputId))),
  );
}

function multiply(backend: WasmBackend): Multiply {
  let wrapped = multiplyOf.get(backend);
  if (wrapped === undefined) {
    const [id, shape, rank, flag] = ['number', 'array', 'number', 'number'] as const;
    wrapped = backend.wasm.cwrap('BatchMatMul', null, [id, shape, rank, id, shape, rank, flag, flag, id]);
    multiplyOf.set(backend, wrapped);
  }
  return wrapped;
}

const shapeBytes = ({ rows, columns }: HeapMatrix): Uint8Array =>
  new Uint8Array(new Int32Array([1, rows, columns]).buffer);

const isWhole = ({ info, rows, columns }: HeapMatrix): boolean =>
  info.shape.reduce((size, dimension) => size * dimension, 1) === rows * columns;

function withId<T>(backend: WasmBackend, matrix: HeapMatrix, use: (id: number) => T): T {
  const { id, memoryOffset } = backend.dataIdMap.get(matrix.info.dataId);
  if (isWhole(matrix)) return use(id);
  const size = matrix.rows * matrix.columns;
  return withView(backend, memoryOffset + matrix.index * size * Float32Array.BYTES_PER_ELEMENT, size, use);
}

function withRightId<T>(backend: WasmBackend, matrix: HeapMatrix, use: (id: number) => T): T {
  const whole = isWhole(matrix);
  if (!whole || mayPack(matrix.info.dataId, matrix.rows, matrix.columns)) return withId(backend, matrix, use);
  const { memoryOffset } = backend.dataIdMap.get(matrix.info.dataId);
  return withView(backend, memoryOffset, matrix.rows * matrix.columns, use);
}
