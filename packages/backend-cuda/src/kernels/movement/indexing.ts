import { indexingKernels as kernelsOf } from '@gradstream/backend-kernels';
import type { CudaBackend } from '../../cuda-backend.js';
import { sizeOf } from '../../internal/elements.js';
import { gridFor, THREADS } from '../../internal/grid.js';
import { kernelsIn } from '../../internal/modules.js';
import { filled } from '../elementwise/convert.js';
import type { Kernel } from '../kernel.js';
import { scatterRows } from './scatter-rows.js';

const kernels = kernelsIn('movement', { gather_rows: 'pppiiiiip', one_hot: 'ppiiii' });

/** Kernels whose int32 input says where elements come from or go to. */
export const indexingKernels: readonly Kernel[] = kernelsOf<CudaBackend>({
  gather(backend, x, indices, { shape, outerSize, dimSize, sliceSize, count, bytes }) {
    // Where the host knows the indices, the other kernel says at once which one is out of range.
    const known = backend.known(indices);
    if (known?.some((index) => index < 0 || index >= dimSize) === true) return undefined;
    const y = backend.output(shape, x.dtype);
    const size = sizeOf(y);
    if (size === 0) return y;
    const width = sliceSize * bytes;
    const threads = width % 4 === 0 ? (size * bytes) / 4 : size;
    const at = [x, indices, y].map((tensor) => backend.address(tensor));
    const fault = backend.faults.word('GatherV2');
    const values = [...at, threads, outerSize, dimSize, count, width, fault];
    backend.runtime.launch(kernels.gather_rows, gridFor(threads), THREADS, values);
    return y;
  },
  oneHot(backend, indices, y, depth, on, off) {
    const size = sizeOf(y);
    const at = [backend.address(indices), backend.address(y)];
    if (size > 0) backend.runtime.launch(kernels.one_hot, gridFor(size), THREADS, [...at, size, depth, on, off]);
  },
  segmentSum(backend, x, ids, shape, width) {
    const y = filled(backend, shape, 'float32', 0)!;
    scatterRows(backend, 'add', x, backend.address(ids), y, [sizeOf(ids), width, shape[0]!]);
    return y;
  },
});
