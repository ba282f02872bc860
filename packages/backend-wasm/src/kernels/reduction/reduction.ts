import { argExtremeKernels, reduced, scanKernels, softmaxKernels, topKKernels } from '@gradstream/backend-kernels';
import { util } from '@tensorflow/tfjs-core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { Reduction } from '../../internal/codes.js';
import type { WasmSimdBackend } from '../../wasm-simd-backend.js';
import type { Kernel } from '../kernel.js';

const reductions = [
  ['Sum', Reduction.Sum],
  ['Mean', Reduction.Mean],
  ['Prod', Reduction.Prod],
  ['Max', Reduction.Max],
  ['Min', Reduction.Min],
] as const;

/** Reductions over any axes, the places of extremes, running sums and products, the softmax and the largest of a row. */
export const reductionKernels: readonly Kernel[] = [
  ...reductions.map(([name, code]): Kernel => ({
    name,
    run: ({ inputs, attrs, backend }) => {
      const x = inputs['x'] as TensorInfo;
      const { wasm } = backend.runtime;
      if (x.dtype === 'float32')
        return reduced(backend, x, attrs, (from, to, { outer, n, inner }) =>
          wasm.reduce(code, backend.address(from), backend.address(to), outer, n, inner),
        );
      // The mean of whole numbers is a float32.
      if (x.dtype !== 'int32' || name === 'Mean') return undefined;
      return reduced(backend, x, attrs, (from, to, { outer, n, inner }) =>
        wasm.reduceInt(code, backend.address(from), backend.address(to), outer, n, inner),
      );
    },
  })),
  ...(['All', 'Any'] as const).map((name): Kernel => ({
    name,
    run: ({ inputs, attrs, backend }) => {
      const x = inputs['x'] as TensorInfo;
      if (x.dtype !== 'bool') return undefined;
      return reduced(backend, x, attrs, (from, to, { outer, n, inner }) =>
        backend.runtime.wasm.reduceBool(
          Number(name === 'All'),
          backend.address(from),
          backend.address(to),
          outer,
          n,
          inner,
        ),
      );
    },
  })),
  ...argExtremeKernels<WasmSimdBackend>((backend, name, x, y, axis) => {
    const [outer, inner] = [util.sizeFromShape(x.shape.slice(0, axis)), util.sizeFromShape(x.shape.slice(axis + 1))];
    const at = [backend.address(x), backend.address(y)] as const;
    const [isWhole, isLeast] = [Number(x.dtype === 'int32'), Number(name === 'ArgMin')];
    backend.runtime.wasm.argReduce(isWhole, isLeast, ...at, outer, x.shape[axis]!, inner);
  }),
  ...scanKernels<WasmSimdBackend>((backend, name, x, y, axis, isExclusive, isReverse) => {
    const [outer, inner] = [util.sizeFromShape(x.shape.slice(0, axis)), util.sizeFromShape(x.shape.slice(axis + 1))];
    const code = Number(name === 'Cumprod') + (x.dtype === 'int32' ? 2 : 0);
    const at = [backend.address(x), backend.address(y)] as const;
    backend.runtime.wasm.scan(code, ...at, outer, x.shape[axis]!, inner, Number(isExclusive), Number(isReverse));
  }),
  ...softmaxKernels<WasmSimdBackend>((backend, x, y) => {
    const size = util.sizeFromShape(x.shape);
    const n = x.shape.at(-1)!;
    if (size > 0) backend.runtime.wasm.softmax(backend.address(x), backend.address(y), size / n, n);
  }),
  ...topKKernels<WasmSimdBackend>((backend, tensors, sizes) => {
    const [x, values, places] = tensors;
    const at = [backend.address(x), backend.address(values), backend.address(places)] as const;
    backend.runtime.wasm.topK(Number(x.dtype === 'int32'), ...at, ...sizes);
  }),
];
