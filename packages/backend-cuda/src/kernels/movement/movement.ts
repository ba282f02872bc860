import { movementKernels as kernelsOf, type Moves } from '@gradstream/backend-kernels';
import type { CudaBackend } from '../../cuda-backend.js';
import { filled } from '../elementwise/convert.js';
import type { Kernel } from '../kernel.js';
import { stridedCopy } from './strided-copy.js';

/** What this backend does for kernels that move elements. */
export const moves: Moves<CudaBackend> = { stridedCopy, filled };

/** Kernels that move elements and change none: each is one or a few strided copies. */
export const movementKernels: readonly Kernel[] = kernelsOf('backend-cuda', moves);
