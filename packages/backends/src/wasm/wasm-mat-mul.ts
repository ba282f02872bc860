import {
  broadcast_util,
  type KernelFunc,
  type NamedAttrMap,
  type NamedTensorInfoMap,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import { batchOffsets } from './batch-offsets.js';
import { productPlan, type Product } from './product-plan.js';
import { runWasmKernel, type WasmBackend } from './wasm-heap.js';
import { xnnProduct } from './xnn-product.js';

/** Multiplications a matrix, below which the stock scalar loop is faster than transposing and one XNNPACK call a matrix (measured). */
const SMALL = 4096;

/**
 * `BatchMatMul` for the stock wasm backend. Stock runs XNNPACK for a single product without transposition and scalar code for everything
 * else, above all for every product of a backward pass; here transposed operands are turned round first and batches go matrix by matrix.
 * It also gives the right numbers where stock does not: for data that was multiplied before under another shape, for batches broadcast on
 * both sides, and zeros where the inner size is 0.
 */
export function wasmMatMul(stock: KernelFunc): KernelFunc {
  return ({ inputs, backend, attrs = {} }) => {
    const wasm = backend as WasmBackend;
    const [a, b] = [inputs['a']!, inputs['b']!];
    const product = productOf(a, b, attrs);
    // What stock refuses it shall refuse in its own words.
    if (product === null) return stock({ inputs, backend, attrs });
    const batchA = a.shape.slice(0, -2);
    const batchB = b.shape.slice(0, -2);
    const batch = broadcast_util.assertAndGetBroadcastShape(batchA, batchB);
    const [sizeA, sizeB, count] = [sizeOf(batchA), sizeOf(batchB), sizeOf(batch)];
    const { m, k, n } = product;
    const shape = [...batch, m, n];
    if (count * m * n === 0 || k === 0) {
      const zeros = wasm.makeOutput(shape, 'float32');
      wasm.typedArrayFromHeap(zeros).fill(0);
      return zeros;
    }
    // One matrix for a whole batch of rows: the batch is only more rows.
    if (count > 1 && sizeB === 1 && sizeA === count && !product.transposeA) {
      return { ...multiply(wasm, a, b, { ...product, m: count * m }, [0], [0]), shape };
    }
    // Stock goes through broadcast batches in the wrong order, unless one side is a single matrix.
    const stockIsRight = sizeA === sizeB ? count === sizeA : Math.min(sizeA, sizeB) === 1;
    const scalar = count > 1 || product.transposeA || product.transposeB;
    if (stockIsRight && scalar && m * k * n < SMALL) return stock({ inputs, backend, attrs });
    return { ...multiply(wasm, a, b, product, batchOffsets(batchA, batch), batchOffsets(batchB, batch)), shape };
  };
}

/** The sizes of a product, or null where the operands are none that this kernel multiplies. */
function productOf(a: TensorInfo, b: TensorInfo, attrs: NamedAttrMap): Product | null {
  const [transposeA, transposeB] = [Boolean(attrs['transposeA']), Boolean(attrs['transposeB'])];
  const [m, k] = lastTwo(a, transposeA);
  const [inner, n] = lastTwo(b, transposeB);
  return a.dtype === 'float32' && b.dtype === 'float32' && k === inner ? { m, k, n, transposeA, transposeB } : null;
}

function lastTwo({ shape }: TensorInfo, transposed: boolean): [number, number] {
  const [rows, columns] = [shape.at(-2) ?? 0, shape.at(-1) ?? 0];
  return transposed ? [columns, rows] : [rows, columns];
}

const sizeOf = (shape: readonly number[]): number => shape.reduce((size, dimension) => size * dimension, 1);

/** Multiplies slice by slice; the output has the shape [slices, m, n]. */
function multiply(
  wasm: WasmBackend,
  a: TensorInfo,
  b: TensorInfo,
  product: Product,
  offsetsA: readonly number[],
  offsetsB: readonly number[],
): TensorInfo {
  const { m, k, n, transposeA, transposeB } = product;
  const temporary: TensorInfo[] = [];
  /** The operand as matrices of `rows` x `columns`, turned round where they lie the other way. */
  const plain = (info: TensorInfo, rows: number, columns: number, turned: boolean): TensorInfo => {
    if (!turned) return info;
    const result = transpose(wasm, info, columns, rows);
    temporary.push(result);
    return result;
  };
  const swapped = productPlan(product) === 'swapped';
  const left = swapped ? plain(b, n, k, !transposeB) : plain(a, m, k, transposeA);
  const right = swapped ? plain(a, k, m, !transposeA) : plain(b, k, n, transposeB);
  const [rows, columns] = swapped ? [n, m] : [m, n];
  const [leftOffsets, rightOffsets] = swapped ? [offsetsB, offsetsA] : [offsetsA, offsetsB];
  const output = wasm.makeOutput([leftOffsets.length, rows, columns], 'float32');
  for (let slice = 0; slice < leftOffsets.length; slice++) {
    xnnProduct(
      wasm,
      { info: left, index: leftOffsets[slice]!, rows, columns: k },
      { info: right, index: rightOffsets[slice]!, rows: k, columns },
      { info: output, index: slice, rows, columns },
    );
  }
  if (swapped) temporary.push(output);
  const result = swapped ? transpose(wasm, output, rows, columns) : output;
  for (const info of temporary) wasm.disposeData(info.dataId);
  return result;
}

/** Turns each matrix of `rows` x `columns` round. */
function transpose(wasm: WasmBackend, info: TensorInfo, rows: number, columns: number): TensorInfo {
  const count = sizeOf(info.shape) / (rows * columns);
  const x = { ...info, shape: [count, rows, columns] };
  return runWasmKernel('Transpose', wasm, { x } as NamedTensorInfoMap, { perm: [0, 2, 1] });
}
