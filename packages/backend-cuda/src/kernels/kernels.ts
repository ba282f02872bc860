import { conv2dKernels } from './convolution/conv2d.js';
import { conv3dKernels } from './convolution/conv3d.js';
import { depthwiseKernels } from './convolution/depthwise.js';
import { einsumKernels } from './einsum.js';
import { binaryKernels } from './elementwise/binary.js';
import { convertKernels } from './elementwise/convert.js';
import { unaryKernels } from './elementwise/unary.js';
import { fusedKernels } from './fused/fused-kernels.js';
import type { Kernel } from './kernel.js';
import { matrixProductKernels } from './matrix-product.js';
import { blockKernels } from './movement/blocks.js';
import { indexingKernels } from './movement/indexing.js';
import { mirrorPadKernels } from './movement/mirror-pad.js';
import { movementKernels } from './movement/movement.js';
import { scatterKernels } from './movement/scatter.js';
import { stridedSliceKernels } from './movement/strided-slice.js';
import { poolingKernels } from './pooling/pooling.js';
import { reductionKernels } from './reduction/reduction.js';
import { sequenceKernels } from './sequence.js';
import { sharingKernels } from './sharing.js';
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
  ...einsumKernels,
  ...sequenceKernels,
  ...movementKernels,
  ...stridedSliceKernels,
  ...blockKernels,
  ...mirrorPadKernels,
  ...scatterKernels,
  ...indexingKernels,
  ...fusedKernels,
  ...conv2dKernels,
  ...conv3dKernels,
  ...depthwiseKernels,
  ...poolingKernels,
];
