import { broadcast_util, util } from '@tensorflow/tfjs-core';
import type { DataType, TensorInfo } from '@tensorflow/tfjs-core';
import { Binary, Comparison } from '../../internal/codes.js';
import type { WasmSimdBackend } from '../../wasm-simd-backend.js';
import type { Kernel } from '../kernel.js';
import { broadcastRuns } from './broadcast.js';

/** A function of two arguments: its name in tfjs, its code, and the types it is defined for. */
export interface BinaryFunction {
  readonly name: string;
  readonly code: Binary | Comparison;
  readonly comparison?: boolean;
  readonly int32: boolean;
  /** False for what is defined for whole numbers only. */
  readonly float32?: boolean;
  /** The names of the arguments; `a` and `b` where nothing is said. */
  readonly arguments?: readonly [string, string];
}

/** Read by registration, by the tests and by the benchmark. */
export const binaryFunctions: readonly BinaryFunction[] = [
  { name: 'Add', code: Binary.Add, int32: true },
  { name: 'Sub', code: Binary.Sub, int32: true },
  { name: 'Multiply', code: Binary.Multiply, int32: true },
  { name: 'RealDiv', code: Binary.RealDiv, int32: false },
  { name: 'Maximum', code: Binary.Maximum, int32: true },
  { name: 'Minimum', code: Binary.Minimum, int32: true },
  { name: 'SquaredDifference', code: Binary.SquaredDifference, int32: true },
  { name: 'Prelu', code: Binary.Prelu, int32: false, arguments: ['x', 'alpha'] },
  { name: 'EluGrad', code: Binary.EluGrad, int32: false, arguments: ['dy', 'y'] },
  { name: 'Pow', code: Binary.Pow, int32: true },
  { name: 'Atan2', code: Binary.Atan2, int32: false },
  { name: 'FloorDiv', code: Binary.FloorDiv, int32: true },
  { name: 'Mod', code: Binary.Mod, int32: true },
  { name: 'BitwiseAnd', code: Binary.BitwiseAnd, int32: true, float32: false },
  { name: 'Equal', code: Comparison.Equal, comparison: true, int32: true },
  { name: 'NotEqual', code: Comparison.NotEqual, comparison: true, int32: true },
  { name: 'Less', code: Comparison.Less, comparison: true, int32: true },
  { name: 'LessEqual', code: Comparison.LessEqual, comparison: true, int32: true },
  { name: 'Greater', code: Comparison.Greater, comparison: true, int32: true },
  { name: 'GreaterEqual', code: Comparison.GreaterEqual, comparison: true, int32: true },
];

/** Elementwise functions of two tensors with broadcasting: arithmetic and comparisons. */
export const binaryKernels: readonly Kernel[] = [
  ...binaryFunctions.map((binaryFunction): Kernel => {
    const { name, code, comparison = false, int32, float32 = true, arguments: names = ['a', 'b'] } = binaryFunction;
    return {
      name,
      run: ({ inputs, backend }) => {
        const [a, b] = [inputs[names[0]] as TensorInfo, inputs[names[1]] as TensorInfo];
        if (comparison && a.dtype === 'bool' && b.dtype === 'bool') return compareBool(backend, code, a, b);
        const isInt = a.dtype === 'int32';
        if (a.dtype !== b.dtype || !(isInt ? int32 : a.dtype === 'float32' && float32)) return undefined;
        const shape = broadcast_util.assertAndGetBroadcastShape(a.shape, b.shape);
        const out = backend.output(shape, comparison ? 'bool' : a.dtype);
        applyBinary(backend, (comparison ? 2 : 0) + (isInt ? 1 : 0), code, a, b, out);
        return out;
      },
    };
  }),
  {
    name: 'AddN',
    run: ({ inputs, backend }) => {
      const terms = Object.values(inputs) as TensorInfo[];
      const [first, second, ...rest] = terms;
      const dtype: DataType = first!.dtype;
      if ((dtype !== 'float32' && dtype !== 'int32') || terms.some((term) => term.dtype !== dtype)) return undefined;
      if (second === undefined) return backend.share(first!);
      const out = backend.output(first!.shape, dtype);
      const kind = dtype === 'int32' ? 1 : 0;
      applyBinary(backend, kind, Binary.Add, first!, second, out);
      for (const term of rest) applyBinary(backend, kind, Binary.Add, out, term, out);
      return out;
    },
  },
];

/** Compares bytes of 0 or 1 as whole numbers. */
function compareBool(backend: WasmSimdBackend, code: number, a: TensorInfo, b: TensorInfo): TensorInfo {
  const [x, y] = [a, b].map((from) => {
    const to = backend.output(from.shape, 'int32');
    backend.runtime.wasm.boolToInt(backend.address(from), backend.address(to), util.sizeFromShape(from.shape));
    return to;
  }) as [TensorInfo, TensorInfo];
  const out = backend.output(broadcast_util.assertAndGetBroadcastShape(a.shape, b.shape), 'bool');
  applyBinary(backend, 3, code, x, y, out);
  for (const whole of [x, y]) backend.disposeIntermediateTensorInfo(whole);
  return out;
}

/** out = function(a, b). kind: 0 float32, 1 int32, 2 and 3 comparisons of either. */
export function applyBinary(
  backend: WasmSimdBackend,
  kind: number,
  code: number,
  a: TensorInfo,
  b: TensorInfo,
  out: TensorInfo,
): void {
  if (util.sizeFromShape(out.shape) === 0) return;
  const { wasm } = backend.runtime;
  const runs = broadcastRuns(a.shape, b.shape, out.shape);
  const inner = runs[0] ?? { size: 1, a: true, b: true };
  const splats = inner.a ? (inner.b ? 0 : 2) : 1;
  const rows = runs[1] ?? { size: 1, a: false, b: false };
  const outBytes = kind < 2 ? 4 : 1;
  let aStride = inner.a ? inner.size * 4 : 4;
  let bStride = inner.b ? inner.size * 4 : 4;
  const aRow = rows.a ? aStride : 0;
  const bRow = rows.b ? bStride : 0;
  const call = (aAt: number, bAt: number, outAt: number): void =>
    wasm.binary(kind, code, splats, aAt, bAt, outAt, inner.size, aRow, bRow, rows.size);
  const at = { a: backend.address(a), b: backend.address(b), out: backend.address(out) };
  if (runs.length <= 2) return call(at.a, at.b, at.out);
  // More than two runs: one call for each position in the outer ones.
  if (rows.a) aStride *= rows.size;
  if (rows.b) bStride *= rows.size;
  const outer = runs.slice(2).map(({ size, a: aMoves, b: bMoves }) => {
    const run = { size, a: aMoves ? aStride : 0, b: bMoves ? bStride : 0 };
    if (aMoves) aStride *= size;
    if (bMoves) bStride *= size;
    return run;
  });
  const block = inner.size * rows.size * outBytes;
  const count = outer.reduce((product, { size }) => product * size, 1);
  for (let index = 0; index < count; index++) {
    let rest = index;
    let [aAt, bAt] = [at.a, at.b];
    for (const { size, a: aStep, b: bStep } of outer) {
      const position = rest % size;
      rest = (rest - position) / size;
      aAt += position * aStep;
      bAt += position * bStep;
    }
    call(aAt, bAt, at.out + index * block);
  }
}
