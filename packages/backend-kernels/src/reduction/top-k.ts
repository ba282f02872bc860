import { util } from '@tensorflow/tfjs-core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Kernel, OutputBackend } from '../kernel.js';

/** Writes the `k` largest of each of `rows` rows of n numbers, and their places. */
export type TopRows<B> = (
  backend: B,
  tensors: readonly [x: TensorInfo, values: TensorInfo, places: TensorInfo],
  sizes: readonly [rows: number, n: number, k: number],
) => void;

/**
 * `TopK`: the `k` largest of the last dimension in falling order, of equal ones the first, and their places as int32. They are sorted whatever `sorted` says.
 * NaN comes last.
 */
export function topKKernels<B extends OutputBackend>(top: TopRows<B>): readonly Kernel<B>[] {
  return [
    {
      name: 'TopK',
      run: ({ inputs, attrs, backend }) => {
        const x = inputs['x'] as TensorInfo;
        const k = attrs['k'] as number;
        const n = x.shape.at(-1);
        if (n === undefined || !Number.isInteger(k) || k < 1 || k > n) return undefined;
        if (x.dtype !== 'float32' && x.dtype !== 'int32') return undefined;
        const shape = [...x.shape.slice(0, -1), k];
        const [values, places] = [backend.output(shape, x.dtype), backend.output(shape, 'int32')];
        top(backend, [x, values, places], [util.sizeFromShape(shape) / k, n, k]);
        return [values, places];
      },
    },
  ];
}
