import { broadcastIndex, matrixProductKernels as kernelsOf } from '@gradstream/backend-kernels';
import { broadcast_util, util } from '@tensorflow/tfjs-core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { WasmSimdBackend } from '../wasm-simd-backend.js';
import { Unary } from '../internal/codes.js';
import { applyUnary } from './elementwise/unary.js';
import type { Kernel } from './kernel.js';

/** What is added and applied to a product while it is still in the cache. */
interface Finish {
  /** The address of one value a column, or 0. */
  readonly bias: number;
  readonly relu: boolean;
}

/** Matrix products: plain, transposed on either side, batched with broadcasting, and fused with bias and activation. */
export const matrixProductKernels: readonly Kernel[] = kernelsOf<WasmSimdBackend>({ product, fused });

/** Activations other than relu, which the product applies itself: one pass over the result. */
const ACTIVATIONS: Readonly<Record<string, Unary>> = {
  relu6: Unary.Relu6,
  elu: Unary.Elu,
  sigmoid: Unary.Sigmoid,
  tanh: Unary.Tanh,
  leakyrelu: Unary.LeakyRelu,
};

function fused(
  backend: WasmSimdBackend,
  a: TensorInfo,
  b: TensorInfo,
  transpose: { readonly a: boolean; readonly b: boolean },
  bias: TensorInfo | undefined,
  activation: string,
  alpha: number,
): TensorInfo | undefined {
  const code = Object.hasOwn(ACTIVATIONS, activation) ? ACTIVATIONS[activation] : undefined;
  if (code === undefined && !['linear', 'relu', 'softmax'].includes(activation)) return undefined;
  const finish = { bias: bias === undefined ? 0 : backend.address(bias), relu: activation === 'relu' };
  const out = product(backend, a, b, transpose.a, transpose.b, finish);
  if (code !== undefined) applyUnary(backend, code, out, out, [alpha, 0]);
  if (activation === 'softmax') {
    const [at, n] = [backend.address(out), out.shape.at(-1)!];
    // Each row is read before it is written.
    if (at > 0) backend.runtime.wasm.softmax(at, at, util.sizeFromShape(out.shape) / n, n);
  }
  return out;
}

/** Where the operands and the result of a product are. */
interface Operands {
  readonly a: number;
  readonly b: number;
  readonly c: number;
}

/** So many pairs, and the bytes from one to the next. */
interface Batch {
  readonly count: number;
  readonly aStep: number;
  readonly bStep: number;
}

const ONE: Batch = { count: 1, aStep: 0, bStep: 0 };
const PLAIN: Finish = { bias: 0, relu: false };

/** c = a b of float32 matrices at addresses, m x k by k x n, either of them stored the other way round. */
export function multiply(
  backend: WasmSimdBackend,
  { a, b, c }: Operands,
  [m, n, k]: readonly [number, number, number],
  transposeA: boolean,
  transposeB: boolean,
  { count, aStep, bStep }: Batch = ONE,
  { bias, relu }: Finish = PLAIN,
): void {
  const { wasm } = backend.runtime;
  const scratch = backend.scratch(wasm.gemmScratch(count, m, n, k, Number(transposeB)) >>> 0);
  const [left, right] = [Number(transposeA), Number(transposeB)];
  wasm.gemm(a, b, c, count, aStep, bStep, m, n, k, left, right, bias, Number(relu), scratch);
}

function product(
  backend: WasmSimdBackend,
  a: TensorInfo,
  b: TensorInfo,
  transposeA: boolean,
  transposeB: boolean,
  finish: Finish = PLAIN,
): TensorInfo {
  const m = a.shape.at(transposeA ? -1 : -2)!;
  const k = a.shape.at(transposeA ? -2 : -1)!;
  const n = b.shape.at(transposeB ? -2 : -1)!;
  const inner = b.shape.at(transposeB ? -1 : -2)!;
  util.assert(
    k === inner,
    () => `BatchMatMul: inner dimensions ${k} and ${inner} of shapes [${a.shape}] and [${b.shape}] differ.`,
  );
  if (a.shape.length === 2 && b.shape.length === 2) {
    const c = backend.output([m, n], 'float32');
    const flat = { a: backend.address(a), b: backend.address(b), c: backend.address(c) };
    multiply(backend, flat, [m, n, k], transposeA, transposeB, ONE, finish);
    return c;
  }
  const aOuter = a.shape.slice(0, -2);
  const bOuter = b.shape.slice(0, -2);
  const outer = broadcast_util.assertAndGetBroadcastShape(aOuter, bOuter);
  const out = backend.output([...outer, m, n], 'float32');
  const batch = util.sizeFromShape(outer);
  const aBatch = util.sizeFromShape(aOuter);
  const bBatch = util.sizeFromShape(bOuter);
  // Inputs first: bringing one in may grow the memory, which moves no block.
  const at = { a: backend.address(a), b: backend.address(b), c: backend.address(out) };
  const run = (operands: Operands, count: number, aStep: number, bStep: number, rows: number): void =>
    multiply(backend, operands, [rows, n, k], transposeA, transposeB, { count, aStep, bStep }, finish);
  if (batch === 0) return out;
  if (bBatch === 1 && (batch === 1 || !transposeA) && aBatch === batch) {
    // One b for all: the matrices of a are one tall matrix.
    run(at, 1, 0, 0, m * batch);
  } else if ((aBatch === batch || aBatch === 1) && (bBatch === batch || bBatch === 1)) {
    run(at, batch, aBatch === 1 ? 0 : m * k * 4, bBatch === 1 ? 0 : k * n * 4, m);
  } else {
    const aIndex = broadcastIndex(aOuter, outer);
    const bIndex = broadcastIndex(bOuter, outer);
    for (let i = 0; i < batch; i++) {
      run({ a: at.a + aIndex(i) * m * k * 4, b: at.b + bIndex(i) * k * n * 4, c: at.c + i * m * n * 4 }, 1, 0, 0, m);
    }
  }
  return out;
}
