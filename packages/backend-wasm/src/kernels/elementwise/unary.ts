import { util } from '@tensorflow/tfjs-core';
import type { NamedAttrMap, TensorInfo } from '@tensorflow/tfjs-core';
import { Binary, Unary } from '../../internal/codes.js';
import type { WasmSimdBackend } from '../../wasm-simd-backend.js';
import type { Kernel } from '../kernel.js';
import { applyBinary } from './binary.js';
import { filled } from './convert.js';

/** A function of one float32 argument: its name in tfjs, its code, and its parameters from the kernel's attributes. */
export interface UnaryFunction {
  readonly name: string;
  readonly code: Unary;
  readonly parameters?: (attrs: NamedAttrMap) => readonly [number, number];
}

/** Read by registration, by the tests and by the benchmark. */
export const unaryFunctions: readonly UnaryFunction[] = [
  { name: 'Abs', code: Unary.Abs },
  { name: 'Neg', code: Unary.Neg },
  { name: 'Square', code: Unary.Square },
  { name: 'Sqrt', code: Unary.Sqrt },
  { name: 'Rsqrt', code: Unary.Rsqrt },
  { name: 'Reciprocal', code: Unary.Reciprocal },
  { name: 'Ceil', code: Unary.Ceil },
  { name: 'Floor', code: Unary.Floor },
  { name: 'Round', code: Unary.Round },
  { name: 'Sign', code: Unary.Sign },
  { name: 'Relu', code: Unary.Relu },
  { name: 'Relu6', code: Unary.Relu6 },
  { name: 'LeakyRelu', code: Unary.LeakyRelu, parameters: ({ alpha }) => [alpha as number, 0] },
  { name: 'Elu', code: Unary.Elu },
  { name: 'Selu', code: Unary.Selu },
  { name: 'Step', code: Unary.Step, parameters: ({ alpha }) => [alpha as number, 0] },
  { name: 'Exp', code: Unary.Exp },
  { name: 'Expm1', code: Unary.Expm1 },
  { name: 'Log', code: Unary.Log },
  { name: 'Log1p', code: Unary.Log1p },
  { name: 'Sigmoid', code: Unary.Sigmoid },
  { name: 'Tanh', code: Unary.Tanh },
  { name: 'Softplus', code: Unary.Softplus },
  { name: 'Erf', code: Unary.Erf },
  { name: 'Sin', code: Unary.Sin },
  { name: 'Cos', code: Unary.Cos },
  { name: 'Tan', code: Unary.Tan },
  { name: 'Asin', code: Unary.Asin },
  { name: 'Acos', code: Unary.Acos },
  { name: 'Atan', code: Unary.Atan },
  { name: 'Sinh', code: Unary.Sinh },
  { name: 'Cosh', code: Unary.Cosh },
  { name: 'Asinh', code: Unary.Asinh },
  { name: 'Acosh', code: Unary.Acosh },
  { name: 'Atanh', code: Unary.Atanh },
  {
    name: 'ClipByValue',
    code: Unary.ClipByValue,
    parameters: (attrs) => [attrs['clipValueMin'] as number, attrs['clipValueMax'] as number],
  },
];

/** Elementwise functions of one float32 tensor; some of int32 too. */
export const unaryKernels: readonly Kernel[] = unaryFunctions.map(({ name, code, parameters }) => ({
  name,
  run: ({ inputs, attrs, backend }) => {
    const x = inputs['x'] as TensorInfo;
    if (x.dtype === 'int32') return wholeUnary(backend, code, x);
    if (x.dtype !== 'float32') return undefined;
    const y = backend.output(x.shape, 'float32');
    applyUnary(backend, code, x, y, parameters?.(attrs));
    return y;
  },
}));

/** What has an easy form for whole numbers: x*x, max(x, 0), 0 - x, max(x, 0 - x). */
function wholeUnary(backend: WasmSimdBackend, code: Unary, x: TensorInfo): TensorInfo | undefined {
  if (code !== Unary.Square && code !== Unary.Relu && code !== Unary.Neg && code !== Unary.Abs) return undefined;
  const y = backend.output(x.shape, 'int32');
  if (code === Unary.Square) {
    applyBinary(backend, 1, Binary.Multiply, x, x, y);
    return y;
  }
  const zero = filled(backend, [], 'int32', 0)!;
  if (code === Unary.Relu) applyBinary(backend, 1, Binary.Maximum, x, zero, y);
  else applyBinary(backend, 1, Binary.Sub, zero, x, y);
  if (code === Unary.Abs) applyBinary(backend, 1, Binary.Maximum, x, y, y);
  backend.disposeIntermediateTensorInfo(zero);
  return y;
}

/** y = function(x); y may be x. */
export function applyUnary(
  backend: WasmSimdBackend,
  code: Unary,
  x: TensorInfo,
  y: TensorInfo,
  [p0, p1]: readonly [number, number] = [0, 0],
): void {
  backend.runtime.wasm.unary(code, backend.address(x), backend.address(y), util.sizeFromShape(x.shape), p0, p1);
}
