import { backend_util, util } from '@tensorflow/tfjs-core';
import type { DataType, TensorInfo } from '@tensorflow/tfjs-core';
import { floatWord } from '../float-word.js';
import type { Kernel, OutputBackend } from '../kernel.js';
import { elementBytes } from './copy-dimensions.js';

/** What `GatherV2` gathers: x [batch, outer, size, slice] and `count` indices a batch give the shape. */
export interface Gathering {
  readonly shape: number[];
  readonly batchSize: number;
  readonly outerSize: number;
  readonly dimSize: number;
  readonly sliceSize: number;
  readonly count: number;
  /** Bytes of an element. */
  readonly bytes: 1 | 4;
}

/** What a backend does itself for kernels of places. */
export interface Indexing<B> {
  /** Rows of x by their int32 places; undefined where one is known to be out of range: tfjs-backend-cpu says which. */
  gather(backend: B, x: TensorInfo, indices: TensorInfo, sizes: Gathering): TensorInfo | undefined;
  /** Writes y [..., depth]: at each place of the indices the word `on`, elsewhere `off`. */
  oneHot(backend: B, indices: TensorInfo, y: TensorInfo, depth: number, on: number, off: number): void;
  /** Sums of rows of `width` float32 by their segments; ids out of range are left out. */
  segmentSum(backend: B, x: TensorInfo, ids: TensorInfo, shape: number[], width: number): TensorInfo;
}

/** Kernels whose int32 input says where elements come from or go to: `GatherV2`, `OneHot`, `UnsortedSegmentSum`. */
export function indexingKernels<B extends OutputBackend>(indexing: Indexing<B>): readonly Kernel<B>[] {
  return [
    {
      name: 'GatherV2',
      run: ({ inputs, attrs, backend }) => {
        const [x, indices] = [inputs['x'] as TensorInfo, inputs['indices'] as TensorInfo];
        const bytes = elementBytes(x);
        if (bytes === undefined || indices.dtype !== 'int32') return undefined;
        const axis = util.parseAxisParam(attrs['axis'] as number, x.shape)[0]!;
        const batchDims = (attrs['batchDims'] as number | undefined) ?? 0;
        const info = backend_util.segment_util.collectGatherOpShapeInfo(x as never, indices as never, axis, batchDims);
        const { outputShape: shape, batchSize, outerSize, dimSize, sliceSize } = info;
        const count = util.sizeFromShape(indices.shape) / Math.max(1, batchSize);
        return indexing.gather(backend, x, indices, { shape, batchSize, outerSize, dimSize, sliceSize, count, bytes });
      },
    },
    {
      name: 'OneHot',
      run: ({ inputs, attrs, backend }) => {
        const indices = inputs['indices'] as TensorInfo;
        const dtype = attrs['dtype'] as DataType;
        if (indices.dtype !== 'int32' || (dtype !== 'float32' && dtype !== 'int32')) return undefined;
        const depth = attrs['depth'] as number;
        const y = backend.output([...indices.shape, depth], dtype);
        const word = (value: number): number => (dtype === 'float32' ? floatWord(value) : value);
        indexing.oneHot(
          backend,
          indices,
          y,
          depth,
          word(attrs['onValue'] as number),
          word(attrs['offValue'] as number),
        );
        return y;
      },
    },
    {
      name: 'UnsortedSegmentSum',
      run: ({ inputs, attrs, backend }) => {
        const [x, ids] = [inputs['x'] as TensorInfo, inputs['segmentIds'] as TensorInfo];
        const rows = util.sizeFromShape(ids.shape);
        // Ids of one dimension belong to the rows of x.
        if (x.dtype !== 'float32' || ids.dtype !== 'int32' || ids.shape.length !== 1 || x.shape[0] !== rows)
          return undefined;
        const row = x.shape.slice(1);
        return indexing.segmentSum(backend, x, ids, [attrs['numSegments'] as number, ...row], util.sizeFromShape(row));
      },
    },
  ];
}
