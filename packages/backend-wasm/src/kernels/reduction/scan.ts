import { util } from '@tensorflow/tfjs-core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Kernel } from '../kernel.js';

/** Sums and products along an axis up to each place: attributes `axis`, `exclusive` (without the place itself), `reverse` (from the other end). */
export const scanKernels: readonly Kernel[] = (['Cumsum', 'Cumprod'] as const).map((name, code) => ({
  name,
  run: ({ inputs, attrs, backend }) => {
    const x = inputs['x'] as TensorInfo;
    if (x.dtype !== 'float32' && x.dtype !== 'int32') return undefined;
    if (x.shape.length === 0) return undefined;
    const axis = util.parseAxisParam(attrs['axis'] as number, x.shape)[0]!;
    const y = backend.output(x.shape, x.dtype);
    const [outer, inner] = [util.sizeFromShape(x.shape.slice(0, axis)), util.sizeFromShape(x.shape.slice(axis + 1))];
    backend.runtime.wasm.scan(
      code + (x.dtype === 'int32' ? 2 : 0),
      backend.address(x),
      backend.address(y),
      outer,
      x.shape[axis]!,
      inner,
      Number(attrs['exclusive'] === true),
      Number(attrs['reverse'] === true),
    );
    return y;
  },
}));
