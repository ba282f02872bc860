import { conv2dKernels } from './convolution/conv2d.js';
import { depthwiseKernels } from './convolution/depthwise.js';
import { poolingKernels } from './pooling/pooling.js';
import { binaryKernels } from './elementwise/binary.js';
import { convertKernels } from './elementwise/convert.js';
import { unaryKernels } from './elementwise/unary.js';
import { fusedKernels } from './fused/fused-kernels.js';
import type { Kernel } from './kernel.js';
import { matrixProductKernels } from './matrix-product.js';
import { indexingKernels } from './movement/indexing.js';
import { movementKernels } from './movement/movement.js';
import { reductionKernels } from './reduction/reduction.js';
import { sharingKernels } from './sharing.js';

/** Every kernel of this backend's own: read by registration, by tests and by the benchmark. */
export const kernels: readonly Kernel[] = [
  ...sharingKernels,
  ...matrixProductKernels,
  ...unaryKernels,
  ...binaryKernels,
  ...convertKernels,
  ...reductionKernels,
  ...movementKernels,
  ...indexingKernels,
  ...fusedKernels,
  ...conv2dKernels,
  ...depthwiseKernels,
  ...poolingKernels,
];
