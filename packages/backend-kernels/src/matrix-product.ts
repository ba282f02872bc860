import { util } from '@tensorflow/tfjs-core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Kernel } from './kernel.js';

/** What a backend does itself for products of float32 matrices. */
export interface Products<B> {
  /** a b, either of them read transposed, batches broadcast. */
  product(backend: B, a: TensorInfo, b: TensorInfo, transposeA: boolean, transposeB: boolean): TensorInfo;
  /** activation(a b + bias), with one value of bias a column; undefined for an activation that is not covered. */
  fused(
    backend: B,
    a: TensorInfo,
    b: TensorInfo,
    transpose: { readonly a: boolean; readonly b: boolean },
    bias: TensorInfo | undefined,
    activation: string,
    alpha: number,
  ): TensorInfo | undefined;
}

/** Matrix products of float32: plain, transposed on either side, batched with broadcasting, and fused with bias and activation. */
export function matrixProductKernels<B>({ product, fused }: Products<B>): readonly Kernel<B>[] {
  return [
    {
      name: 'BatchMatMul',
      run: ({ inputs, attrs, backend }) => {
        const [a, b] = [inputs['a'] as TensorInfo, inputs['b'] as TensorInfo];
        if (a.dtype !== 'float32' || b.dtype !== 'float32') return undefined;
        return product(backend, a, b, attrs['transposeA'] === true, attrs['transposeB'] === true);
      },
    },
    {
      name: '_FusedMatMul',
      run: ({ inputs, attrs, backend }) => {
        const [a, b] = [inputs['a'] as TensorInfo, inputs['b'] as TensorInfo];
        const bias = (inputs['bias'] ?? undefined) as TensorInfo | undefined;
        const transpose = { a: attrs['transposeA'] === true, b: attrs['transposeB'] === true };
        const columns = b.shape.at(transpose.b ? -2 : -1)!;
        const isRow =
          bias === undefined || (bias.shape.at(-1) === columns && util.sizeFromShape(bias.shape) === columns);
        if (a.dtype !== 'float32' || b.dtype !== 'float32' || (bias ?? a).dtype !== 'float32' || !isRow)
          return undefined;
        const activation = (attrs['activation'] ?? 'linear') as string;
        return fused(backend, a, b, transpose, bias, activation, (attrs['leakyreluAlpha'] ?? 0) as number);
      },
    },
    {
      name: 'GradstreamDense',
      run: ({ inputs, attrs, backend }) => {
        const [x, kernel] = [inputs['x'] as TensorInfo, inputs['kernel'] as TensorInfo];
        const bias = (inputs['bias'] ?? undefined) as TensorInfo | undefined;
        if (x.dtype !== 'float32' || kernel.dtype !== 'float32' || (bias ?? x).dtype !== 'float32') return undefined;
        if (x.shape.length !== 2 || kernel.shape.length !== 2) return undefined;
        if (bias !== undefined && util.sizeFromShape(bias.shape) !== kernel.shape[1]) return undefined;
        return fused(backend, x, kernel, { a: false, b: false }, bias, attrs['activation'] as string, 0);
      },
    },
  ];
}

/** From the flat index in a broadcast shape to the one in the shape that was broadcast. */
export function broadcastIndex(from: readonly number[], to: readonly number[]): (index: number) => number {
  return (index) => {
    let rest = index;
    let result = 0;
    let stride = 1;
    for (let axis = to.length - 1; axis >= 0; axis--) {
      const size = from[axis - (to.length - from.length)] ?? 1;
      const position = rest % to[axis]!;
      rest = Math.floor(rest / to[axis]!);
      if (size > 1) result += position * stride;
      stride *= size;
    }
    return result;
  };
}
