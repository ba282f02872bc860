import { conv3dKernels as kernelsOf } from '@gradstream/backend-kernels';
import { Binary } from '../../internal/codes.js';
import type { WasmSimdBackend } from '../../wasm-simd-backend.js';
import type { Kernel } from '../kernel.js';
import { movementKernels, moves } from '../movement/movement.js';
import { conv2dKernels } from './conv2d.js';

/** Convolutions in three dimensions with their gradients. */
export const conv3dKernels: readonly Kernel[] = kernelsOf<WasmSimdBackend>(
  'backend-wasm',
  [...conv2dKernels, ...movementKernels],
  {
    ...moves,
    addTo(backend, x, xOffset, y, yOffset, count) {
      const [from, to] = [backend.address(x) + xOffset * 4, backend.address(y) + yOffset * 4];
      backend.runtime.wasm.binary(0, Binary.Add, 0, to, from, to, count, 0, 0, 1);
    },
  },
);
