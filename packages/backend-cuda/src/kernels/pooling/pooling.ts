import { poolingKernels as kernelsOf, poolingWords } from '@gradstream/backend-kernels';
import { util } from '@tensorflow/tfjs-core';
import type { backend_util } from '@tensorflow/tfjs-core';
import type { CudaBackend } from '../../cuda-backend.js';
import { gridFor, THREADS } from '../../internal/grid.js';
import { kernelsIn } from '../../internal/modules.js';
import { filled } from '../elementwise/convert.js';
import type { Kernel } from '../kernel.js';

const kernels = kernelsIn('pooling', { pool: 'ppiis', pool_places: 'ppis', pool_gradient: 'pppiis' });

/** Kinds of gradients; see kernels/pooling.cu. */
const CODES = { maximum: 0, average: 1, wholeAverage: 2 } as const;

/** Maximum and average over windows, with their gradients, channels last. */
export const poolingKernels: readonly Kernel[] = kernelsOf<CudaBackend>({
  filled,
  pool(backend, kind, info, x, y) {
    const size = util.sizeFromShape(info.outShape);
    const at = [backend.address(x), backend.address(y)];
    const isAverage = Number(kind === 'average');
    backend.runtime.launch(kernels.pool, gridFor(size), THREADS, [...at, size, isAverage, words(info)]);
  },
  poolGradient(backend, kind, info, x, dy, dx) {
    const [size, windows] = [util.sizeFromShape(x.shape), util.sizeFromShape(dy.shape)];
    const { runtime } = backend;
    const [from, to] = [backend.address(dy), backend.address(dx)];
    const run = (places: number): void => {
      const values = [from, places, to, size, CODES[kind], words(info)];
      runtime.launch(kernels.pool_gradient, gridFor(size), THREADS, values);
    };
    if (kind !== 'maximum') return run(0);
    runtime.withScratch(windows * 4, (places) => {
      const values = [backend.address(x), places, windows, words(info)];
      runtime.launch(kernels.pool_places, gridFor(windows), THREADS, values);
      run(places);
    });
  },
});

const words = (info: backend_util.Conv3DInfo): Int32Array => Int32Array.from(poolingWords(info));
