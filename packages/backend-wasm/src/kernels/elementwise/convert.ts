import { fillKernels, floatWord } from '@gradstream/backend-kernels';
import { broadcast_util, util } from '@tensorflow/tfjs-core';
import type { DataType, TensorInfo } from '@tensorflow/tfjs-core';
import { Logical, Test } from '../../internal/codes.js';
import type { WasmSimdBackend } from '../../wasm-simd-backend.js';
import type { Kernel } from '../kernel.js';
import { broadcastCopy } from '../movement/strided-copy.js';

const tests = [
  ['IsNan', Test.IsNan],
  ['IsInf', Test.IsInf],
  ['IsFinite', Test.IsFinite],
] as const;

const logicals = [
  ['LogicalAnd', Logical.And],
  ['LogicalOr', Logical.Or],
  ['LogicalXor', Logical.Xor],
] as const;

/** Kernels that change types, choose between values or make tensors of one value. */
export const convertKernels: readonly Kernel[] = [
  {
    name: 'Cast',
    run: ({ inputs, attrs, backend }) => cast(backend, inputs['x'] as TensorInfo, attrs['dtype'] as DataType),
  },
  ...tests.map(([name, code]): Kernel => ({
    name,
    run: ({ inputs, backend }) => {
      const x = inputs['x'] as TensorInfo;
      if (x.dtype !== 'float32') return undefined;
      const y = backend.output(x.shape, 'bool');
      backend.runtime.wasm.floatTest(code, backend.address(x), backend.address(y), util.sizeFromShape(x.shape));
      return y;
    },
  })),
  ...logicals.map(([name, code]): Kernel => ({
    name,
    run: ({ inputs, backend }) => {
      const [a, b] = [inputs['a'] as TensorInfo, inputs['b'] as TensorInfo];
      if (a.dtype !== 'bool' || b.dtype !== 'bool') return undefined;
      const shape = broadcast_util.assertAndGetBroadcastShape(a.shape, b.shape);
      const [x, y] = [spread(backend, a, shape), spread(backend, b, shape)];
      if (x === undefined || y === undefined) return undefined;
      const out = logical(backend, code, x, y);
      for (const whole of [x, y]) backend.disposeIntermediateTensorInfo(whole);
      return out;
    },
  })),
  {
    name: 'LogicalNot',
    run: ({ inputs, backend }) => {
      const x = inputs['x'] as TensorInfo;
      return x.dtype === 'bool' ? logical(backend, Logical.Not, x, x) : undefined;
    },
  },
  {
    name: 'Select',
    run: ({ inputs, backend }) => {
      const [condition, t, e] = [
        inputs['condition'] as TensorInfo,
        inputs['t'] as TensorInfo,
        inputs['e'] as TensorInfo,
      ];
      if (condition.dtype !== 'bool' || t.dtype !== e.dtype || !(t.dtype === 'float32' || t.dtype === 'int32'))
        return undefined;
      if (!util.arraysEqual(t.shape, e.shape)) return undefined;
      const out = backend.output(t.shape, t.dtype);
      const at = [backend.address(condition), backend.address(t), backend.address(e), backend.address(out)] as const;
      const size = util.sizeFromShape(t.shape);
      const rows = util.sizeFromShape(condition.shape);
      // A condition of one dimension chooses among rows.
      if (rows === size) backend.runtime.wasm.select(...at, size);
      else if (size > 0) backend.runtime.wasm.selectRows(...at, rows, (size / rows) * 4);
      return out;
    },
  },
  ...fillKernels<WasmSimdBackend>({ filled }),
];

function cast(backend: WasmSimdBackend, x: TensorInfo, dtype: DataType): TensorInfo | undefined {
  if (x.dtype === dtype && dtype !== 'complex64') return backend.share(x);
  const { wasm } = backend.runtime;
  const casts: Readonly<Record<string, (from: number, to: number, n: number) => void>> = {
    'int32 float32': wasm.intToFloat,
    'float32 int32': wasm.floatToInt,
    'bool float32': wasm.boolToFloat,
    'bool int32': wasm.boolToInt,
    'float32 bool': (from, to, n) => wasm.floatTest(Test.NonZero, from, to, n),
    'int32 bool': wasm.intToBool,
  };
  const run = casts[`${x.dtype} ${dtype}`];
  if (run === undefined) return undefined;
  const y = backend.output(x.shape, dtype);
  run(backend.address(x), backend.address(y), util.sizeFromShape(x.shape));
  return y;
}

/** x in a shape that it broadcasts to. */
function spread(backend: WasmSimdBackend, x: TensorInfo, shape: number[]): TensorInfo | undefined {
  return util.arraysEqual(x.shape, shape) ? backend.share(x) : broadcastCopy(backend, x, shape);
}

function logical(backend: WasmSimdBackend, code: Logical, a: TensorInfo, b: TensorInfo): TensorInfo {
  const out = backend.output(a.shape, 'bool');
  backend.runtime.wasm.logical(
    code,
    backend.address(a),
    backend.address(b),
    backend.address(out),
    util.sizeFromShape(a.shape),
  );
  return out;
}

/** A tensor of one value; undefined for types that do not live in the heap. */
export function filled(
  backend: WasmSimdBackend,
  shape: number[],
  dtype: DataType,
  value: number,
): TensorInfo | undefined {
  if (dtype !== 'float32' && dtype !== 'int32' && dtype !== 'bool') return undefined;
  const out = backend.output(shape, dtype);
  const size = util.sizeFromShape(shape);
  if (dtype === 'bool') backend.runtime.wasm.fillBytes(backend.address(out), value === 0 ? 0 : 1, size);
  else backend.runtime.wasm.fill32(backend.address(out), dtype === 'float32' ? floatWord(value) : value, size);
  return out;
}
