import { broadcastIndex, matrixProductKernels as kernelsOf } from '@gradstream/backend-kernels';
import { broadcast_util, util } from '@tensorflow/tfjs-core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { CudaBackend } from '../cuda-backend.js';
import { multiply, type Finish } from './gemm.js';
import type { Kernel } from './kernel.js';
import { softmaxOf } from './softmax.js';

/** Activations that a product applies to its sums. */
const ACTIVATIONS: Readonly<Record<string, number>> = {
  linear: 0,
  relu: 1,
  relu6: 2,
  elu: 3,
  sigmoid: 4,
  tanh: 5,
  leakyrelu: 6,
};

/** The number of an activation that a product or a convolution applies to its sums; undefined for others. */
export function activationNumber(name: string): number | undefined {
  return Object.hasOwn(ACTIVATIONS, name) ? ACTIVATIONS[name] : undefined;
}

/** Matrix products: plain, transposed on either side, batched with broadcasting, and fused with bias and activation. */
export const matrixProductKernels: readonly Kernel[] = kernelsOf<CudaBackend>({ product, fused });

function fused(
  backend: CudaBackend,
  a: TensorInfo,
  b: TensorInfo,
  transpose: { readonly a: boolean; readonly b: boolean },
  bias: TensorInfo | undefined,
  activation: string,
  alpha: number,
): TensorInfo | undefined {
  const isSoftmax = activation === 'softmax';
  const number = isSoftmax ? 0 : activationNumber(activation);
  if (number === undefined) return undefined;
  const out = product(backend, a, b, transpose.a, transpose.b, {
    bias: bias === undefined ? 0 : backend.address(bias),
    activation: number,
    alpha,
  });
  // Each row is read before it is written.
  if (isSoftmax) softmaxOf(backend, out, out);
  return out;
}

function product(
  backend: CudaBackend,
  a: TensorInfo,
  b: TensorInfo,
  transposeA: boolean,
  transposeB: boolean,
  finish?: Finish,
): TensorInfo {
  const [aOuter, bOuter] = [a.shape.slice(0, -2), b.shape.slice(0, -2)];
  const m = a.shape.at(transposeA ? -1 : -2)!;
  const k = a.shape.at(transposeA ? -2 : -1)!;
  const n = b.shape.at(transposeB ? -2 : -1)!;
  const inner = b.shape.at(transposeB ? -1 : -2)!;
  util.assert(
    k === inner,
    () => `BatchMatMul: inner dimensions ${k} and ${inner} of shapes [${a.shape}] and [${b.shape}] differ.`,
  );
  const outer = broadcast_util.assertAndGetBroadcastShape(aOuter, bOuter);
  const out = backend.output([...outer, m, n], 'float32');
  const [batch, aBatch, bBatch] = [outer, aOuter, bOuter].map((shape) => util.sizeFromShape(shape)) as [
    number,
    number,
    number,
  ];
  if (batch * m * n === 0) return out;
  const at = { a: backend.address(a), b: backend.address(b), c: backend.address(out) };
  const run = (operands: typeof at, count: number, aStep: number, bStep: number, rows: number): void =>
    multiply(backend, operands, [rows, n, k], transposeA, transposeB, { count, aStep, bStep }, finish);
  if (bBatch === 1 && (batch === 1 || !transposeA) && aBatch === batch) {
    // One b for all: the matrices of a are one tall matrix.
    run(at, 1, 0, 0, m * batch);
  } else if ((aBatch === batch || aBatch === 1) && (bBatch === batch || bBatch === 1)) {
    run(at, batch, aBatch === 1 ? 0 : m * k, bBatch === 1 ? 0 : k * n, m);
  } else {
    const [aIndex, bIndex] = [broadcastIndex(aOuter, outer), broadcastIndex(bOuter, outer)];
    for (let i = 0; i < batch; i++)
      run({ a: at.a + aIndex(i) * m * k * 4, b: at.b + bIndex(i) * k * n * 4, c: at.c + i * m * n * 4 }, 1, 0, 0, m);
  }
  return out;
}
