import type { DataType, TensorInfo } from '@tensorflow/tfjs-core';
import type { WasmSimdBackend } from '../wasm-simd-backend.js';
import type { Kernel } from './kernel.js';

/** Numbers at equal distances, written where they belong. */
export const sequenceKernels: readonly Kernel[] = [
  {
    name: 'Range',
    run: ({ attrs, backend }) => {
      const [start, stop, step] = [attrs['start'], attrs['stop'], attrs['step']] as [number, number, number];
      const dtype = attrs['dtype'] as DataType;
      if (dtype !== 'float32' && dtype !== 'int32') return undefined;
      // A step of the wrong sign reaches nothing; tfjs takes -1 where 1 is the default and stop is below.
      const actual = stop < start && step === 1 ? -1 : step;
      const count = start === stop || actual === 0 ? 0 : Math.max(0, Math.ceil((stop - start) / actual));
      return Number.isFinite(count) ? written(backend, count, dtype, (index) => start + index * actual) : undefined;
    },
  },
  {
    name: 'LinSpace',
    run: ({ attrs, backend }) => {
      const [start, stop, num] = [attrs['start'], attrs['stop'], attrs['num']] as [number, number, number];
      const step = (stop - start) / (num - 1);
      return written(backend, num, 'float32', (index) => (num === 1 ? start : start + index * step));
    },
  },
];

function written(
  backend: WasmSimdBackend,
  count: number,
  dtype: 'float32' | 'int32',
  value: (index: number) => number,
): TensorInfo {
  const y = backend.output([count], dtype);
  const at = backend.address(y) >>> 2;
  const { runtime } = backend;
  runtime.aside(() => {
    const to = dtype === 'float32' ? runtime.floats : runtime.words;
    for (let index = 0; index < count; index++) to[at + index] = value(index);
  });
  return y;
}
