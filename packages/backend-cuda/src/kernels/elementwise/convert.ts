import { fillKernels, floatWord } from '@gradstream/backend-kernels';
import { util } from '@tensorflow/tfjs-core';
import type { DataType, TensorInfo } from '@tensorflow/tfjs-core';
import type { CudaBackend } from '../../cuda-backend.js';
import { sizeOf } from '../../internal/elements.js';
import { gridFor, THREADS } from '../../internal/grid.js';
import { kernelsIn, type KernelName } from '../../internal/modules.js';
import type { Kernel } from '../kernel.js';

const kernels = kernelsIn('convert', {
  int_to_float: 'ppi',
  float_to_int: 'ppi',
  bool_to_float: 'ppi',
  bool_to_int: 'ppi',
  float_to_bool: 'ppi',
  int_to_bool: 'ppi',
  is_nan: 'ppi',
  is_inf: 'ppi',
  is_finite: 'ppi',
  logical_not: 'ppi',
  select_words: 'ppppii',
  fill_words: 'pii',
  fill_bytes: 'pii',
});

const casts: Readonly<Record<string, KernelName>> = {
  'int32 float32': kernels.int_to_float,
  'float32 int32': kernels.float_to_int,
  'bool float32': kernels.bool_to_float,
  'bool int32': kernels.bool_to_int,
  'float32 bool': kernels.float_to_bool,
  'int32 bool': kernels.int_to_bool,
};

const truths = [
  ['IsNan', kernels.is_nan, 'float32'],
  ['IsInf', kernels.is_inf, 'float32'],
  ['IsFinite', kernels.is_finite, 'float32'],
  ['LogicalNot', kernels.logical_not, 'bool'],
] as const;

/** Kernels that change types, choose between values or make tensors of one value. */
export const convertKernels: readonly Kernel[] = [
  {
    name: 'Cast',
    run: ({ inputs, attrs, backend }) => cast(backend, inputs['x'] as TensorInfo, attrs['dtype'] as DataType),
  },
  ...truths.map(([name, kernel, dtype]): Kernel => ({
    name,
    run: ({ inputs, backend }) => {
      const x = inputs['x'] as TensorInfo;
      return x.dtype === dtype ? converted(backend, kernel, x, 'bool') : undefined;
    },
  })),
  {
    name: 'Select',
    run: ({ inputs, backend }) => {
      const [condition, t, e] = ['condition', 't', 'e'].map((name) => inputs[name] as TensorInfo) as [
        TensorInfo,
        TensorInfo,
        TensorInfo,
      ];
      if (condition.dtype !== 'bool' || t.dtype !== e.dtype || !(t.dtype === 'float32' || t.dtype === 'int32'))
        return undefined;
      if (!util.arraysEqual(t.shape, e.shape)) return undefined;
      const out = backend.output(t.shape, t.dtype);
      const size = sizeOf(t);
      // A condition of one dimension chooses among rows.
      const row = size / sizeOf(condition);
      const at = [condition, t, e, out].map((x) => backend.address(x));
      if (size > 0) backend.runtime.launch(kernels.select_words, gridFor(size), THREADS, [...at, size, row]);
      return out;
    },
  },
  ...fillKernels<CudaBackend>({ filled }),
];

function cast(backend: CudaBackend, x: TensorInfo, dtype: DataType): TensorInfo | undefined {
  if (x.dtype === dtype && dtype !== 'complex64') return backend.share(x);
  const kernel = casts[`${x.dtype} ${dtype}`];
  return kernel === undefined ? undefined : converted(backend, kernel, x, dtype);
}

function converted(backend: CudaBackend, kernel: KernelName, x: TensorInfo, dtype: DataType): TensorInfo {
  const y = backend.output(x.shape, dtype);
  const size = sizeOf(x);
  if (size > 0) backend.runtime.launch(kernel, gridFor(size), THREADS, [backend.address(x), backend.address(y), size]);
  return y;
}

/** A tensor of one value; undefined for types that do not live on the device. */
export function filled(
  backend: CudaBackend,
  shape: readonly number[],
  dtype: DataType,
  value: number,
): TensorInfo | undefined {
  if (dtype !== 'float32' && dtype !== 'int32' && dtype !== 'bool') return undefined;
  const out = backend.output(shape, dtype);
  const size = sizeOf(out);
  const word = dtype === 'float32' ? floatWord(value) : dtype === 'bool' ? Number(value !== 0) : value | 0;
  const kernel = dtype === 'bool' ? kernels.fill_bytes : kernels.fill_words;
  if (size > 0) backend.runtime.launch(kernel, gridFor(size), THREADS, [backend.address(out), size, word]);
  return out;
}
