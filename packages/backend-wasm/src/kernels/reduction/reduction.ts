import { reduced, topKKernels } from '@gradstream/backend-kernels';
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

/** Reductions over any axes, the places of extremes, and the largest of a row. */
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
  ...(['ArgMax', 'ArgMin'] as const).map((name): Kernel => ({
    name,
    run: ({ inputs, attrs, backend }) => {
      const x = inputs['x'] as TensorInfo;
      const axes = util.parseAxisParam(attrs['axis'] as number, x.shape);
      const isWhole = x.dtype === 'int32';
      // No element has no place.
      if (!(isWhole || x.dtype === 'float32') || axes.length !== 1 || util.sizeFromShape(x.shape) === 0)
        return undefined;
      const axis = axes[0]!;
      const y = backend.output(x.shape.toSpliced(axis, 1), 'int32');
      const [outer, inner] = [util.sizeFromShape(x.shape.slice(0, axis)), util.sizeFromShape(x.shape.slice(axis + 1))];
      backend.runtime.wasm.argReduce(
        Number(isWhole),
        Number(name === 'ArgMin'),
        backend.address(x),
        backend.address(y),
        outer,
        x.shape[axis]!,
        inner,
      );
      return y;
    },
  })),
  {
    name: 'Softmax',
    run: ({ inputs, attrs, backend }) => {
      const x = inputs['logits'] as TensorInfo;
      const dim = attrs['dim'] as number;
      if (x.dtype !== 'float32' || x.shape.length === 0 || (dim !== -1 && dim !== x.shape.length - 1)) return undefined;
      const y = backend.output(x.shape, 'float32');
      const size = util.sizeFromShape(x.shape);
      const n = x.shape.at(-1)!;
      if (size > 0) backend.runtime.wasm.softmax(backend.address(x), backend.address(y), size / n, n);
      return y;
    },
  },
  ...topKKernels<WasmSimdBackend>((backend, tensors, sizes) => {
    const [x, values, places] = tensors;
    const at = [backend.address(x), backend.address(values), backend.address(places)] as const;
    backend.runtime.wasm.topK(Number(x.dtype === 'int32'), ...at, ...sizes);
  }),
];
