import { poolingKernels as kernelsOf, poolingWords, type PoolingKind } from '@gradstream/backend-kernels';
import type { TensorInfo, backend_util } from '@tensorflow/tfjs-core';
import type { WasmSimdBackend } from '../../wasm-simd-backend.js';
import { filled } from '../elementwise/convert.js';
import type { Kernel } from '../kernel.js';

/** What a pooling does with a window; see assembly/pooling/window.ts. */
const CODES: Readonly<Record<PoolingKind, number>> = { maximum: 0, average: 1, wholeAverage: 2 };

/** Maximum and average over windows, with their gradients, channels last. */
export const poolingKernels: readonly Kernel[] = kernelsOf<WasmSimdBackend>({
  filled,
  pool(backend, kind, info, x, y) {
    writeGeometry(backend, kind, info, [x, y]);
    backend.runtime.wasm.pool();
  },
  poolGradient(backend, kind, info, x, dy, dx) {
    writeGeometry(backend, kind, info, [x, dy, dx]);
    backend.runtime.wasm.poolGradient();
  },
});

function writeGeometry(
  backend: WasmSimdBackend,
  kind: PoolingKind,
  info: backend_util.Conv3DInfo,
  [x, y, dx]: readonly [x: TensorInfo, y: TensorInfo, dx?: TensorInfo],
): void {
  const { runtime } = backend;
  const at = [backend.address(x), backend.address(y), dx === undefined ? 0 : backend.address(dx)];
  runtime.write(runtime.wasm.poolingGeometry(), [CODES[kind], ...at, info.batchSize, ...poolingWords(info)]);
}
