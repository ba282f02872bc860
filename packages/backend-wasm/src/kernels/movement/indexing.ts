import { indexingKernels as kernelsOf } from '@gradstream/backend-kernels';
import { util } from '@tensorflow/tfjs-core';
import type { WasmSimdBackend } from '../../wasm-simd-backend.js';
import type { Kernel } from '../kernel.js';

/** Kernels whose int32 input says where elements come from or go to. */
export const indexingKernels: readonly Kernel[] = kernelsOf<WasmSimdBackend>({
  gather(backend, x, indices, { shape, batchSize, outerSize, dimSize, sliceSize, count, bytes }) {
    const y = backend.output(shape, x.dtype);
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
  oneHot(backend, indices, y, depth, on, off) {
    const size = util.sizeFromShape(indices.shape);
    backend.runtime.wasm.oneHot(backend.address(indices), backend.address(y), size, depth, on, off);
  },
  segmentSum(backend, x, ids, shape, width) {
    const y = backend.output(shape, 'float32');
    const [segments] = shape as [number, ...number[]];
    const at = [backend.address(x), backend.address(ids), backend.address(y)] as const;
    const rows = util.sizeFromShape(ids.shape);
    if (segments * width > 0) backend.runtime.wasm.segmentSum(...at, rows, width, segments);
    return y;
  },
});
