import { einsumKernels, sharingKernels } from '@gradstream/backend-kernels';
import { conv2dKernels } from './convolution/conv2d.js';
import { conv3dKernels } from './convolution/conv3d.js';
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
import { scatterKernels } from './movement/scatter.js';
import { reductionKernels } from './reduction/reduction.js';
import { sequenceKernels } from './sequence.js';

/** Every kernel of this backend's own: read by registration, by tests and by the benchmark. */
export const kernels: readonly Kernel[] = [
  ...sharingKernels,
  ...matrixProductKernels,
  ...unaryKernels,
  ...binaryKernels,
  ...convertKernels,
  ...reductionKernels,
  ...einsumKernels('backend-wasm', [...reductionKernels, ...movementKernels, ...matrixProductKernels]),
  ...sequenceKernels,
  ...movementKernels,
  ...scatterKernels,
  ...indexingKernels,
  ...fusedKernels,
  ...conv2dKernels,
  ...conv3dKernels,
  ...depthwiseKernels,
  ...poolingKernels,
];
