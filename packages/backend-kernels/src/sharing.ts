import { util } from '@tensorflow/tfjs-core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Kernel, OutputBackend } from './kernel.js';

/** Kernels that give the same data another name or shape: nothing is copied, the data counts one reference more. */
export const sharingKernels: readonly Kernel<OutputBackend>[] = [
  { name: 'Identity', run: ({ inputs, backend }) => backend.share(inputs['x'] as TensorInfo) },
  {
    name: 'Reshape',
    run: ({ inputs, attrs, backend }) => {
      const x = inputs['x'] as TensorInfo;
      return backend.share(x, util.inferFromImplicitShape(attrs['shape'] as number[], util.sizeFromShape(x.shape)));
    },
  },
  {
    name: 'ExpandDims',
    run: ({ inputs, attrs, backend }) => {
      const x = inputs['input'] as TensorInfo;
      const dim = attrs['dim'] as number;
      if (dim < -(x.shape.length + 1) || dim > x.shape.length) return undefined;
      const shape = [...x.shape];
      shape.splice(dim < 0 ? x.shape.length + dim + 1 : dim, 0, 1);
      return backend.share(x, shape);
    },
  },
];
