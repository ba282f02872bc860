import { util } from '@tensorflow/tfjs-core';
import type { TensorInfo, backend_util } from '@tensorflow/tfjs-core';
import type { Kernel, OutputBackend } from '../kernel.js';
import type { Moves } from '../movement/moves.js';
import { poolingInfo } from './pooling-info.js';

/** What a pooling does with a window: `wholeAverage` divides by the whole window, `average` by the cells of it that exist. */
export type PoolingKind = 'maximum' | 'average' | 'wholeAverage';

/** What a backend does itself for pooling. Nothing that it gets is empty. */
export interface Pooling<B> extends Pick<Moves<B>, 'filled'> {
  /** Writes y: x pooled. */
  pool(backend: B, kind: 'maximum' | 'average', info: backend_util.Conv3DInfo, x: TensorInfo, y: TensorInfo): void;
  /** Writes dx: the gradient by x, from the gradient by the result. */
  poolGradient(
    backend: B,
    kind: PoolingKind,
    info: backend_util.Conv3DInfo,
    x: TensorInfo,
    dy: TensorInfo,
    dx: TensorInfo,
  ): void;
}

const functions = [
  { name: 'MaxPool', dimensions: 2, kind: 'maximum' },
  { name: 'AvgPool', dimensions: 2, kind: 'average' },
  { name: 'MaxPool3D', dimensions: 3, kind: 'maximum' },
  { name: 'AvgPool3D', dimensions: 3, kind: 'average' },
] as const;

/**
 * Maximum and average over windows, with their gradients, channels last. An average counts the cells that exist, and so does its gradient: tfjs-backend-cpu
 * divides the gradient by the whole window at padded edges too, which is not the derivative of its own result. Only where the padding is given side by side
 * does the gradient here do the same: tfjs-core's own specs ask for those numbers.
 */
export function poolingKernels<B extends OutputBackend>(pooling: Pooling<B>): readonly Kernel<B>[] {
  return functions.flatMap(({ name, dimensions, kind }): Kernel<B>[] => [
    {
      name,
      run: ({ inputs, attrs, backend }) => {
        const x = inputs['x'] as TensorInfo;
        const info = poolingInfo(dimensions, x, attrs);
        if (info === undefined || info.outShape.some((size) => size < 0)) return undefined;
        if (isIdentity(info)) return backend.share(x);
        const y = backend.output(info.outShape, 'float32');
        if (util.sizeFromShape(info.outShape) > 0) pooling.pool(backend, kind, info, x, y);
        return y;
      },
    },
    {
      name: `${name}Grad`,
      run: ({ inputs, attrs, backend }) => {
        const [dy, x] = [inputs['dy'] as TensorInfo, inputs['input'] as TensorInfo];
        const info = poolingInfo(dimensions, x, attrs, dy);
        if (info === undefined) return undefined;
        if (util.sizeFromShape(dy.shape) === 0) return pooling.filled(backend, x.shape, 'float32', 0);
        const dx = backend.output(x.shape, 'float32');
        const isWhole = kind === 'average' && Array.isArray(attrs['pad']);
        if (util.sizeFromShape(x.shape) > 0)
          pooling.poolGradient(backend, isWhole ? 'wholeAverage' : kind, info, x, dy, dx);
        return dx;
      },
    },
  ]);
}

function isIdentity(info: backend_util.Conv3DInfo): boolean {
  const single = info.filterDepth === 1 && info.filterHeight === 1 && info.filterWidth === 1;
  return single && util.arraysEqual(info.inShape, info.outShape) && info.strideDepth === 1 && info.padInfo.front === 0;
}
