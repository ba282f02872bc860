import { util } from '@tensorflow/tfjs-core';
import type { DataType, TensorInfo } from '@tensorflow/tfjs-core';
import type { Kernel } from './kernel.js';
import type { Moves } from './movement/moves.js';

/** Kernels that make tensors of one value: `Fill`, `ZerosLike`, `OnesLike`. */
export function fillKernels<B>({ filled }: Pick<Moves<B>, 'filled'>): readonly Kernel<B>[] {
  const like = (name: string, value: number): Kernel<B> => ({
    name,
    run: ({ inputs, backend }) => {
      const x = inputs['x'] as TensorInfo;
      return filled(backend, x.shape, x.dtype, value);
    },
  });
  return [
    {
      name: 'Fill',
      run: ({ attrs, backend }) => {
        const value = attrs['value'] as number | string;
        const dtype = (attrs['dtype'] as DataType | undefined) ?? util.inferDtype(value);
        return typeof value === 'number' || typeof value === 'boolean'
          ? filled(backend, attrs['shape'] as number[], dtype, Number(value))
          : undefined;
      },
    },
    like('ZerosLike', 0),
    like('OnesLike', 1),
  ];
}
