import { poolingKernels as kernelsOf, poolingWords } from '@gradstream/backend-kernels';
import { util } from '@tensorflow/tfjs-core';
import type { backend_util } from '@tensorflow/tfjs-core';
import type { CudaBackend } from '../../cuda-backend.js';
import { gridFor, THREADS } from '../../internal/grid.js';
import { halfKernel, halfOf, storeAs, storedAt, withHalves, type Half } from '../../internal/half.js';
import { kernelsIn, type KernelName } from '../../internal/modules.js';
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
    const half = halfOf(backend, x);
    if (half !== undefined) storeAs(backend, y, half);
    const at = [half === undefined ? backend.address(x) : storedAt(backend, x), storedAt(backend, y)];
    const isAverage = Number(kind === 'average');
    backend.runtime.launch(kernelFor('pool', half), gridFor(size), THREADS, [...at, size, isAverage, words(info)]);
  },
  poolGradient(backend, kind, info, x, dy, dx) {
    const [size, windows] = [util.sizeFromShape(x.shape), util.sizeFromShape(dy.shape)];
    const { runtime } = backend;
    const half = halfOf(backend, x);
    if (half !== undefined) storeAs(backend, dx, half);
    const gradient = (from: number): void => {
      const run = (places: number): void => {
        const values = [from, places, storedAt(backend, dx), size, CODES[kind], words(info)];
        runtime.launch(kernelFor('pool_gradient', half), gridFor(size), THREADS, values);
      };
      if (kind !== 'maximum') return run(0);
      runtime.withScratch(windows * 4, (places) => {
        const image = half === undefined ? backend.address(x) : storedAt(backend, x);
        const values = [image, places, windows, words(info)];
        runtime.launch(kernelFor('pool_places', half), gridFor(windows), THREADS, values);
        run(places);
      });
    };
    if (half === undefined) gradient(backend.address(dy));
    else withHalves(backend, [dy], half, ([from]) => gradient(from!));
  },
});

/** The kernel for numbers as they are stored. */
const kernelFor = (name: keyof typeof kernels, half: Half | undefined): KernelName =>
  half === undefined ? kernels[name] : halfKernel(name, half);

const words = (info: backend_util.Conv3DInfo): Int32Array => Int32Array.from(poolingWords(info));
