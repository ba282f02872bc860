import { util, type TensorInfo } from '@tensorflow/tfjs-core';
import type { Kernel } from '../kernel.js';

/** One pass over a weight's memory where an optimizer would run a kernel for each arithmetic operation. */
export const optimizerKernels: readonly Kernel[] = [
  {
    // Inputs m, v and gradient; attributes decay1, decay2 and offset; outputs m * decay1 + gradient, v * decay2 + gradient^2, and
    // the first over the root of the second plus offset. The same bits as single kernels.
    name: 'GradstreamAdam',
    run: ({ inputs, attrs, backend }) => {
      const [m, v, gradient] = [inputs['m'] as TensorInfo, inputs['v'] as TensorInfo, inputs['gradient'] as TensorInfo];
      const size = util.sizeFromShape(gradient.shape);
      if ([m, v, gradient].some((x) => x.dtype !== 'float32' || util.sizeFromShape(x.shape) !== size)) return undefined;
      const results = [m, v, gradient].map(() => backend.output(gradient.shape, 'float32'));
      const [newM, newV, direction] = results as [TensorInfo, TensorInfo, TensorInfo];
      const [decay1, decay2, offset] = [
        attrs['decay1'] as number,
        attrs['decay2'] as number,
        attrs['offset'] as number,
      ];
      backend.runtime.wasm.adam(
        backend.address(m),
        backend.address(v),
        backend.address(gradient),
        backend.address(newM),
        backend.address(newV),
        backend.address(direction),
        size,
        decay1,
        decay2,
        offset,
      );
      return results;
    },
  },
];
