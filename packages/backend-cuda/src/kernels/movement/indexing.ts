import { backend_util, util } from '@tensorflow/tfjs-core';
import type { DataType, TensorInfo } from '@tensorflow/tfjs-core';
import { floatWord } from '../../driver/kernel-arguments.js';
import { elementBytes } from '@gradstream/backend-kernels';
import { sizeOf } from '../../internal/elements.js';
import { gridFor, THREADS } from '../../internal/grid.js';
import { kernelsIn } from '../../internal/modules.js';
import { filled } from '../elementwise/convert.js';
import type { Kernel } from '../kernel.js';
import { scatterRows } from './scatter-rows.js';

const kernels = kernelsIn('movement', { gather_rows: 'pppiiiiip', one_hot: 'ppiiii' });

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
      const { batchSize, outerSize, dimSize, sliceSize } = info;
      // Where the host knows the indices, the other kernel says at once which one is out of range.
      const known = backend.known(indices);
      if (known?.some((index) => index < 0 || index >= dimSize) === true) return undefined;
      const y = backend.output(info.outputShape, x.dtype);
      const size = sizeOf(y);
      if (size === 0) return y;
      const count = sizeOf(indices) / Math.max(1, batchSize);
      const width = sliceSize * bytes;
      const threads = width % 4 === 0 ? (size * bytes) / 4 : size;
      const at = [x, indices, y].map((tensor) => backend.address(tensor));
      const fault = backend.faults.word('GatherV2');
      const values = [...at, threads, outerSize, dimSize, count, width, fault];
      backend.runtime.launch(kernels.gather_rows, gridFor(threads), THREADS, values);
      return y;
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
      const values = [word(attrs['onValue'] as number), word(attrs['offValue'] as number)];
      const size = sizeOf(y);
      const at = [backend.address(indices), backend.address(y)];
      if (size > 0) backend.runtime.launch(kernels.one_hot, gridFor(size), THREADS, [...at, size, depth, ...values]);
      return y;
    },
  },
  {
    name: 'UnsortedSegmentSum',
    run: ({ inputs, attrs, backend }) => {
      const [x, ids] = [inputs['x'] as TensorInfo, inputs['segmentIds'] as TensorInfo];
      const segments = attrs['numSegments'] as number;
      const rows = sizeOf(ids);
      // Ids of one dimension belong to the rows of x.
      if (x.dtype !== 'float32' || ids.dtype !== 'int32' || ids.shape.length !== 1 || x.shape[0] !== rows)
        return undefined;
      const y = filled(backend, [segments, ...x.shape.slice(1)], 'float32', 0)!;
      const width = util.sizeFromShape(x.shape.slice(1));
      scatterRows(backend, 'add', x, backend.address(ids), y, [rows, width, segments]);
      return y;
    },
  },
];
