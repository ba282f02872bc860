import { einsumKernels, sharingKernels } from '@gradstream/backend-kernels';
import { conv2dKernels } from './convolution/conv2d.js';
import { conv3dKernels } from './convolution/conv3d.js';
import { depthwiseKernels } from './convolution/depthwise.js';
import { binaryKernels } from './elementwise/binary.js';
import { convertKernels } from './elementwise/convert.js';
import { unaryKernels } from './elementwise/unary.js';
import { fusedKernels } from './fused/fused-kernels.js';
import type { Kernel } from './kernel.js';
import { matrixProductKernels } from './matrix-product.js';
import { indexingKernels } from './movement/indexing.js';
import { movementKernels } from './movement/movement.js';
import { scatterKernels } from './movement/scatter.js';
import { poolingKernels } from './pooling/pooling.js';
import { reductionKernels } from './reduction/reduction.js';
import { sequenceKernels } from './sequence.js';
import { softmaxKernels } from './softmax.js';

/** Every kernel of this backend's own: read by registration and by the tests. */
export const kernels: readonly Kernel[] = [
  ...sharingKernels,
  ...matrixProductKernels,
  ...unaryKernels,
  ...binaryKernels,
  ...convertKernels,
  ...reductionKernels,
  ...softmaxKernels,
  ...einsumKernels('backend-cuda', [...reductionKernels, ...movementKernels, ...matrixProductKernels]),
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
