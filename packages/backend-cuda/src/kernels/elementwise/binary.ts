import { broadcast_util, util } from '@tensorflow/tfjs-core';
import type { DataType, TensorInfo } from '@tensorflow/tfjs-core';
import type { CudaBackend } from '../../cuda-backend.js';
import { sizeOf } from '../../internal/elements.js';
import { gridFor, THREADS } from '../../internal/grid.js';
import { halfOf } from '../../internal/half.js';
import { kernelsIn, type KernelName } from '../../internal/modules.js';
import type { Kernel } from '../kernel.js';
import { elementwiseHalf } from './half.js';
import { spreadOf } from './spread.js';

const SIGNATURE = 'pppiis';

/** The types that a function is defined for, and the names of its arguments where they are not a and b. */
interface BinaryFunction {
  readonly types: readonly ('float' | 'whole' | 'bool')[];
  readonly truth?: boolean;
  readonly names?: readonly [string, string];
}

const numbers: BinaryFunction = { types: ['float', 'whole'] };
const floats: BinaryFunction = { types: ['float'] };
const comparison: BinaryFunction = { types: ['float', 'whole', 'bool'], truth: true };
const logical: BinaryFunction = { types: ['bool'], truth: true };

const functions: Readonly<Record<string, BinaryFunction>> = {
  Add: numbers,
  Sub: numbers,
  Multiply: numbers,
  RealDiv: floats,
  Maximum: numbers,
  Minimum: numbers,
  SquaredDifference: numbers,
  Prelu: { ...floats, names: ['x', 'alpha'] },
  EluGrad: { ...floats, names: ['dy', 'y'] },
  Pow: numbers,
  Atan2: floats,
  FloorDiv: numbers,
  Mod: numbers,
  BitwiseAnd: { types: ['whole'] },
  Equal: comparison,
  NotEqual: comparison,
  Less: comparison,
  LessEqual: comparison,
  Greater: comparison,
  GreaterEqual: comparison,
  LogicalAnd: logical,
  LogicalOr: logical,
  LogicalXor: logical,
};

const kernels: Readonly<Record<string, KernelName>> = kernelsIn(
  'binary',
  Object.fromEntries(
    Object.entries(functions).flatMap(([name, { types }]) => types.map((type) => [`${type}_${name}`, SIGNATURE])),
  ),
);

const typeOf: Readonly<Partial<Record<DataType, 'float' | 'whole' | 'bool'>>> = {
  float32: 'float',
  int32: 'whole',
  bool: 'bool',
};

/** Elementwise functions of two tensors of one type with broadcasting: arithmetic, comparisons and logic. */
export const binaryKernels: readonly Kernel[] = [
  ...Object.entries(functions).map(([name, { types, truth = false, names = ['a', 'b'] }]): Kernel => ({
    name,
    run: ({ inputs, backend }) => {
      const [a, b] = [inputs[names[0]] as TensorInfo, inputs[names[1]] as TensorInfo];
      const type = typeOf[a.dtype];
      if (a.dtype !== b.dtype || type === undefined || !types.includes(type)) return undefined;
      const shape = broadcast_util.assertAndGetBroadcastShape(a.shape, b.shape);
      if (spreadOf(a.shape, b.shape, shape) === undefined) return undefined;
      const half = halfOf(backend, a);
      if (name === 'Add' && half !== undefined && halfOf(backend, b) === half && util.arraysEqual(a.shape, b.shape))
        return elementwiseHalf(backend, 'add', half, [a, b]);
      const out = backend.output(shape, truth ? 'bool' : a.dtype);
      applyBinary(backend, name, a, b, out);
      return out;
    },
  })),
  {
    name: 'AddN',
    run: ({ inputs, backend }) => {
      const terms = Object.values(inputs) as TensorInfo[];
      const [first, second, ...rest] = terms;
      const { dtype } = first!;
      if ((dtype !== 'float32' && dtype !== 'int32') || terms.some((term) => term.dtype !== dtype)) return undefined;
      if (second === undefined) return backend.share(first!);
      const half = halfOf(backend, first!);
      if (half !== undefined && rest.length === 0 && halfOf(backend, second) === half)
        return elementwiseHalf(backend, 'add', half, [first!, second]);
      const out = backend.output(first!.shape, dtype);
      applyBinary(backend, 'Add', first!, second, out);
      for (const term of rest) applyBinary(backend, 'Add', out, term, out);
      return out;
    },
  },
];

/** out = function(a, b), of the type of a. The shapes have to be spread in at most six runs; out may be a where that has its shape. */
export function applyBinary(backend: CudaBackend, name: string, a: TensorInfo, b: TensorInfo, out: TensorInfo): void {
  const size = sizeOf(out);
  if (size === 0) return;
  const { mode, words } = spreadOf(a.shape, b.shape, out.shape)!;
  const kernel = kernels[`${typeOf[a.dtype]}_${name}`]!;
  const isFourfold = mode < 3 || words[1]! % 4 === 0;
  backend.runtime.launch(kernel, gridFor(size, isFourfold ? 4 : 1), THREADS, [
    backend.address(a),
    backend.address(b),
    backend.address(out),
    size,
    mode,
    words,
  ]);
}
