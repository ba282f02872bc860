import { argExtremeKernels, reduced, scanKernels, topKKernels } from '@gradstream/backend-kernels';
import { util } from '@tensorflow/tfjs-core';
import type { DataType, TensorInfo } from '@tensorflow/tfjs-core';
import type { CudaBackend } from '../../cuda-backend.js';
import { sizeOf } from '../../internal/elements.js';
import { blocks, gridFor, THREADS, WARPS } from '../../internal/grid.js';
import { kernelsIn, type KernelName } from '../../internal/modules.js';
import type { Kernel } from '../kernel.js';
import { reduce, type Reduction } from './reduce.js';

const kernels: Readonly<Record<string, KernelName>> = kernelsIn('reduction', {
  places_float: 'ppiiii',
  places_int: 'ppiiii',
  top_float: 'pppiii',
  top_int: 'pppiii',
  scan_float_Cumsum: 'ppiiiii',
  scan_float_Cumprod: 'ppiiiii',
  scan_int_Cumsum: 'ppiiiii',
  scan_int_Cumprod: 'ppiiiii',
});

const types: Readonly<Partial<Record<DataType, string>>> = { float32: 'float', int32: 'int', bool: 'bool' };

/** Reductions over any axes, the places of extremes, running sums and products, and the largest of a row. */
export const reductionKernels: readonly Kernel[] = [
  ...(['Sum', 'Mean', 'Prod', 'Max', 'Min', 'All', 'Any'] as const).map((name): Kernel => ({
    name,
    run: ({ inputs, attrs, backend }) => {
      const x = inputs['x'] as TensorInfo;
      const isTruth = name === 'All' || name === 'Any';
      // The mean of whole numbers is a float32.
      if (isTruth ? x.dtype !== 'bool' : x.dtype !== 'float32' && (x.dtype !== 'int32' || name === 'Mean'))
        return undefined;
      const reduction = `${types[x.dtype]}_${name === 'Mean' ? 'Sum' : name}` as Reduction;
      return reduced(backend, x, attrs, (from, to, { outer, n, inner }, divisor) =>
        reduce(
          backend,
          reduction,
          backend.address(from),
          backend.address(to),
          [outer, n, inner],
          name === 'Mean' ? divisor : 1,
        ),
      );
    },
  })),
  ...argExtremeKernels<CudaBackend>((backend, name, x, y, axis) => {
    const n = x.shape[axis]!;
    const [results, inner] = [sizeOf(x) / n, util.sizeFromShape(x.shape.slice(axis + 1))];
    const at = [backend.address(x), backend.address(y)] as const;
    const sign = name === 'ArgMax' ? 1 : -1;
    const kernel = kernels[`places_${types[x.dtype]}`]!;
    backend.runtime.launch(kernel, [blocks(results, 8), 1, 1], WARPS, [...at, results, n, inner, sign]);
  }),
  ...scanKernels<CudaBackend>((backend, name, x, y, axis, isExclusive, isReverse) => {
    const n = x.shape[axis]!;
    if (sizeOf(x) === 0) return;
    const [lines, inner] = [sizeOf(x) / n, util.sizeFromShape(x.shape.slice(axis + 1))];
    const flags = [Number(isExclusive), Number(isReverse)];
    const at = [backend.address(x), backend.address(y)];
    const kernel = kernels[`scan_${types[x.dtype]}_${name}`]!;
    backend.runtime.launch(kernel, gridFor(lines), THREADS, [...at, lines, n, inner, ...flags]);
  }),
  ...topKKernels<CudaBackend>((backend, tensors, [rows, n, k]) => {
    const [x, values] = tensors;
    const at = tensors.map((tensor) => backend.address(tensor));
    if (sizeOf(values) > 0)
      backend.runtime.launch(kernels[`top_${types[x.dtype]}`]!, [blocks(rows, 8), 1, 1], WARPS, [...at, rows, n, k]);
  }),
];
