import { backend_util, util } from '@tensorflow/tfjs-core';
import type { DataType, NamedAttrMap, TensorInfo } from '@tensorflow/tfjs-core';
import { Reduction } from '../../internal/codes.js';
import type { WasmSimdBackend } from '../../wasm-simd-backend.js';
import type { Kernel } from '../kernel.js';
import { reductionSteps } from './groups.js';

const reductions = [
  ['Sum', Reduction.Sum],
  ['Mean', Reduction.Mean],
  ['Prod', Reduction.Prod],
  ['Max', Reduction.Max],
  ['Min', Reduction.Min],
] as const;

type Run = (x: number, y: number, outer: number, n: number, inner: number) => void;

/** Reductions over any axes, and the places of extremes. */
export const reductionKernels: readonly Kernel[] = [
  ...reductions.map(([name, code]): Kernel => ({
    name,
    run: ({ inputs, attrs, backend }) => {
      const x = inputs['x'] as TensorInfo;
      const { wasm } = backend.runtime;
      if (x.dtype === 'float32')
        return reduced(backend, x, attrs, 'float32', (...sizes) => wasm.reduce(code, ...sizes));
      // The mean of whole numbers is a float32.
      if (x.dtype !== 'int32' || name === 'Mean') return undefined;
      return reduced(backend, x, attrs, 'int32', (...sizes) => wasm.reduceInt(code, ...sizes));
    },
  })),
  ...(['All', 'Any'] as const).map((name): Kernel => ({
    name,
    run: ({ inputs, attrs, backend }) => {
      const x = inputs['x'] as TensorInfo;
      if (x.dtype !== 'bool') return undefined;
      return reduced(backend, x, attrs, 'bool', (...sizes) =>
        backend.runtime.wasm.reduceBool(Number(name === 'All'), ...sizes),
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
];

function reduced(backend: WasmSimdBackend, x: TensorInfo, attrs: NamedAttrMap, dtype: DataType, run: Run): TensorInfo {
  const axes = util.parseAxisParam((attrs['axis'] ?? attrs['reductionIndices']) as number[], x.shape);
  const [kept] = backend_util.computeOutAndReduceShapes(x.shape, axes);
  const shape = attrs['keepDims'] === true ? backend_util.expandShapeToKeepDim(kept, axes) : kept;
  const steps = reductionSteps(x.shape, axes);
  if (steps.length === 0) return backend.share(x, shape);
  let from = x;
  for (const [index, { outer, n, inner }] of steps.entries()) {
    const to = backend.output(index === steps.length - 1 ? shape : [outer * inner], dtype);
    if (outer * inner > 0) run(backend.address(from), backend.address(to), outer, n, inner);
    if (from !== x) backend.disposeIntermediateTensorInfo(from);
    from = to;
  }
  return from;
}
