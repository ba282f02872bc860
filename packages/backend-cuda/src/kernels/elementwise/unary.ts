import type { NamedAttrMap, TensorInfo } from '@tensorflow/tfjs-core';
import type { CudaBackend } from '../../cuda-backend.js';
import { sizeOf } from '../../internal/elements.js';
import { gridFor, THREADS } from '../../internal/grid.js';
import { halfOf } from '../../internal/half.js';
import { kernelsIn } from '../../internal/modules.js';
import type { Kernel } from '../kernel.js';
import { elementwiseHalf } from './half.js';

/** The functions of one float32 argument without parameters. */
const PLAIN = [
  'Abs',
  'Neg',
  'Square',
  'Sqrt',
  'Rsqrt',
  'Reciprocal',
  'Ceil',
  'Floor',
  'Round',
  'Sign',
  'Relu',
  'Relu6',
  'Elu',
  'Selu',
  'Exp',
  'Expm1',
  'Log',
  'Log1p',
  'Sigmoid',
  'Tanh',
  'Softplus',
  'Erf',
  'Sin',
  'Cos',
  'Tan',
  'Asin',
  'Acos',
  'Atan',
  'Sinh',
  'Cosh',
  'Asinh',
  'Acosh',
  'Atanh',
] as const;

/** The name of a function of one float32 argument. */
export type UnaryName = PlainName | 'LeakyRelu' | 'Step' | 'ClipByValue';
type PlainName = (typeof PLAIN)[number];

/** Their parameters from the kernel's attributes. */
const functions: Readonly<Record<UnaryName, (attrs: NamedAttrMap) => readonly [number, number]>> = {
  ...plain(...PLAIN),
  LeakyRelu: ({ alpha }) => [alpha as number, 0],
  Step: ({ alpha }) => [alpha as number, 0],
  ClipByValue: (attrs) => [attrs['clipValueMin'] as number, attrs['clipValueMax'] as number],
};

function plain<T extends string>(...names: T[]): Record<T, (attrs: NamedAttrMap) => readonly [number, number]> {
  return Object.fromEntries(names.map((name) => [name, () => [0, 0]])) as never;
}

const names = Object.keys(functions) as UnaryName[];
const floats = kernelsIn('unary', Object.fromEntries(names.map((name) => [`unary_${name}`, 'ppiff'])));
/** What is defined for whole numbers too. */
const wholes = kernelsIn('unary', { whole_Abs: 'ppi', whole_Neg: 'ppi', whole_Square: 'ppi', whole_Relu: 'ppi' });

/** Elementwise functions of one float32 tensor; some of int32 too. */
export const unaryKernels: readonly Kernel[] = names.map((name) => ({
  name,
  run: ({ inputs, attrs, backend }) => {
    const x = inputs['x'] as TensorInfo;
    if (x.dtype === 'int32') return wholeUnary(backend, name, x);
    if (x.dtype !== 'float32') return undefined;
    const half = halfOf(backend, x);
    if (half !== undefined && name === 'Relu') return elementwiseHalf(backend, 'relu', half, [x]);
    const y = backend.output(x.shape, 'float32');
    applyUnary(backend, name, x, y, functions[name](attrs));
    return y;
  },
}));

function wholeUnary(backend: CudaBackend, name: UnaryName, x: TensorInfo): TensorInfo | undefined {
  const kernel = wholes[`whole_${name}` as keyof typeof wholes];
  if (kernel === undefined) return undefined;
  const y = backend.output(x.shape, 'int32');
  const size = sizeOf(x);
  if (size > 0) backend.runtime.launch(kernel, gridFor(size), THREADS, [backend.address(x), backend.address(y), size]);
  return y;
}

/** y = function(x); y may be x. */
export function applyUnary(
  backend: CudaBackend,
  name: UnaryName,
  x: TensorInfo,
  y: TensorInfo,
  [p, q]: readonly [number, number] = [0, 0],
): void {
  const size = sizeOf(x);
  if (size === 0) return;
  backend.runtime.launch(floats[`unary_${name}`]!, gridFor(size, 4), THREADS, [
    backend.address(x),
    backend.address(y),
    size,
    p,
    q,
  ]);
}
