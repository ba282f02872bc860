import { util } from '@tensorflow/tfjs-core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Kernel, OutputBackend } from '../kernel.js';

/** Writes the places of extremes of x along an axis into y. Nothing is empty but y may be. */
export type ArgExtreme<B> = (backend: B, name: 'ArgMax' | 'ArgMin', x: TensorInfo, y: TensorInfo, axis: number) => void;

/** `ArgMax` and `ArgMin` of float32 and int32 along one axis; no element has no place. */
export function argExtremeKernels<B extends OutputBackend>(extreme: ArgExtreme<B>): readonly Kernel<B>[] {
  return (['ArgMax', 'ArgMin'] as const).map((name) => ({
    name,
    run: ({ inputs, attrs, backend }) => {
      const x = inputs['x'] as TensorInfo;
      const axes = util.parseAxisParam(attrs['axis'] as number, x.shape);
      if (!isNumber(x) || axes.length !== 1 || util.sizeFromShape(x.shape) === 0) return undefined;
      const y = backend.output(x.shape.toSpliced(axes[0]!, 1), 'int32');
      extreme(backend, name, x, y, axes[0]!);
      return y;
    },
  }));
}

/** Writes sums or products of x along an axis up to each place into y, of the same shape: without the place itself, and from the other end, where it is said. */
export type Scan<B> = (
  backend: B,
  name: 'Cumsum' | 'Cumprod',
  x: TensorInfo,
  y: TensorInfo,
  axis: number,
  isExclusive: boolean,
  isReverse: boolean,
) => void;

/** `Cumsum` and `Cumprod` of float32 and int32: attributes `axis`, `exclusive` (without the place itself), `reverse` (from the other end). */
export function scanKernels<B extends OutputBackend>(scan: Scan<B>): readonly Kernel<B>[] {
  return (['Cumsum', 'Cumprod'] as const).map((name) => ({
    name,
    run: ({ inputs, attrs, backend }) => {
      const x = inputs['x'] as TensorInfo;
      if (!isNumber(x) || x.shape.length === 0) return undefined;
      const axis = util.parseAxisParam(attrs['axis'] as number, x.shape)[0]!;
      const y = backend.output(x.shape, x.dtype);
      scan(backend, name, x, y, axis, attrs['exclusive'] === true, attrs['reverse'] === true);
      return y;
    },
  }));
}

/** `Softmax` of float32 along the last dimension; `softmax` writes that of the rows of x into y. */
export function softmaxKernels<B extends OutputBackend>(
  softmax: (backend: B, x: TensorInfo, y: TensorInfo) => void,
): readonly Kernel<B>[] {
  return [
    {
      name: 'Softmax',
      run: ({ inputs, attrs, backend }) => {
        const x = inputs['logits'] as TensorInfo;
        const dim = attrs['dim'] as number;
        if (x.dtype !== 'float32' || x.shape.length === 0 || (dim !== -1 && dim !== x.shape.length - 1))
          return undefined;
        const y = backend.output(x.shape, 'float32');
        softmax(backend, x, y);
        return y;
      },
    },
  ];
}

const isNumber = ({ dtype }: TensorInfo): boolean => dtype === 'float32' || dtype === 'int32';
