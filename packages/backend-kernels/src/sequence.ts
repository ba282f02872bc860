import type { DataType, TensorInfo } from '@tensorflow/tfjs-core';
import type { Kernel } from './kernel.js';

/** A new tensor of `count` numbers, start + index * step; with a step of 0 where there is one number. */
export type WriteSequence<B> = (
  backend: B,
  count: number,
  dtype: 'float32' | 'int32',
  start: number,
  step: number,
) => TensorInfo;

/** Numbers at equal distances: `Range` and `LinSpace`. */
export function sequenceKernels<B>(written: WriteSequence<B>): readonly Kernel<B>[] {
  return [
    {
      name: 'Range',
      run: ({ attrs, backend }) => {
        const [start, stop, step] = [attrs['start'], attrs['stop'], attrs['step']] as [number, number, number];
        const dtype = attrs['dtype'] as DataType;
        if (dtype !== 'float32' && dtype !== 'int32') return undefined;
        // A step of the wrong sign reaches nothing; tfjs takes -1 where 1 is the default and stop is below.
        const actual = stop < start && step === 1 ? -1 : step;
        const count = start === stop || actual === 0 ? 0 : Math.max(0, Math.ceil((stop - start) / actual));
        return Number.isFinite(count) ? written(backend, count, dtype, start, actual) : undefined;
      },
    },
    {
      name: 'LinSpace',
      run: ({ attrs, backend }) => {
        const [start, stop, num] = [attrs['start'], attrs['stop'], attrs['num']] as [number, number, number];
        return written(backend, num, 'float32', start, num === 1 ? 0 : (stop - start) / (num - 1));
      },
    },
  ];
}
