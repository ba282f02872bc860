import { elementBytes } from '@gradstream/backend-kernels';
import { backend_util, util } from '@tensorflow/tfjs-core';
import type { DataType, TensorInfo } from '@tensorflow/tfjs-core';
import type { Kernel } from '../kernel.js';

/** Kernels whose int32 input says where elements come from or go to. */
export const indexingKernels: readonly Kernel[] = [
  {
    name: 'GatherV2',
    run: ({ inputs, attrs, backend }) => {
      const [x, indices] = [inputs['x'] as TensorInfo, inputs['indices'] as TensorInfo];
      const bytes = elementBytes(x);
      if (bytes === undefined || indices.dtype !== 'int32') return undefined;
      const axis = util.parseAxisParam(attrs['axis'] as number, x.shape)[0]!;
      const batchDims = (attrs['batchDims'] as number | undefined) ?? 0;
      const info = backend_util.segment_util.collectGatherOpShapeInfo(x as never, indices as never, axis, batchDims);
      const y = backend.output(info.outputShape, x.dtype);
      const { batchSize, outerSize, dimSize, sliceSize } = info;
      const count = util.sizeFromShape(indices.shape) / Math.max(1, batchSize);
      const row = sliceSize * bytes;
      const at = { x: backend.address(x), indices: backend.address(indices), y: backend.address(y) };
      let inRange = true;
      if (util.sizeFromShape(y.shape) > 0) {
        for (let batch = 0; batch < batchSize && inRange; batch++) {
          const from = at.x + batch * outerSize * dimSize * row;
          const to = at.y + batch * outerSize * count * row;
          inRange =
            backend.runtime.wasm.gather(from, at.indices + batch * count * 4, to, outerSize, dimSize, count, row) !== 0;
        }
      }
      if (inRange) return y;
      // The other kernel says which index it is.
      backend.disposeIntermediateTensorInfo(y);
      return undefined;
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
      const bits =
        dtype === 'float32'
          ? new Int32Array(new Float32Array([attrs['onValue'] as number, attrs['offValue'] as number]).buffer)
          : undefined;
      const [on, off] = [bits?.[0] ?? (attrs['onValue'] as number), bits?.[1] ?? (attrs['offValue'] as number)];
      backend.runtime.wasm.oneHot(
        backend.address(indices),
        backend.address(y),
        util.sizeFromShape(indices.shape),
        depth,
        on,
        off,
      );
      return y;
    },
  },
  {
    name: 'UnsortedSegmentSum',
    run: ({ inputs, attrs, backend }) => {
      const [x, ids] = [inputs['x'] as TensorInfo, inputs['segmentIds'] as TensorInfo];
      const segments = attrs['numSegments'] as number;
      const rows = util.sizeFromShape(ids.shape);
      // Ids of one dimension belong to the rows of x.
      if (x.dtype !== 'float32' || ids.dtype !== 'int32' || ids.shape.length !== 1 || x.shape[0] !== rows)
        return undefined;
      const y = backend.output([segments, ...x.shape.slice(1)], 'float32');
      const n = util.sizeFromShape(x.shape.slice(1));
      if (segments * n > 0)
        backend.runtime.wasm.segmentSum(
          backend.address(x),
          backend.address(ids),
          backend.address(y),
          rows,
          n,
          segments,
        );
      return y;
    },
  },
];
