import { activationGradients } from './activation.js';
import { convolutionGradients } from './convolution.js';
import { elementwiseBinaryGradients } from './elementwise-binary.js';
import { elementwiseUnaryGradients } from './elementwise-unary.js';
import { gatheringGradients } from './gathering.js';
import { cumulativeProductGradients } from './cumulative-product.js';
import { einsumGradients } from './einsum.js';
import { morphologyGradients } from './morphology.js';
import { sparseGradients } from './sparse.js';
import { stridedSliceGradients } from './strided-slice.js';
import { blocksGradients } from './blocks.js';
import { mirrorPadGradients } from './mirror-pad.js';
import { matrixPartGradients } from './matrix-part.js';
import { resizingGradients } from './resizing.js';
import { imageGradients } from './image.js';
import { normalizationGradients } from './normalization.js';
import { fusedGradients } from './fused.js';
import { withoutGradientGradients } from './without-gradient.js';
import type { GradientTable } from './gradient-table.js';
import { joiningGradients } from './joining.js';
import { matrixProductGradients } from './matrix-product.js';
import { piecewiseConstantGradients } from './piecewise-constant.js';
import { poolingGradients } from './pooling.js';
import { reductionGradients } from './reduction.js';
import { selectionGradients } from './selection.js';
import { shapeGradients } from './shape.js';
import { softmaxGradients } from './softmax.js';
import { trigonometricGradients } from './trigonometric.js';

/** The gradients of every family. */
export const allGradients: GradientTable = [
  ...elementwiseUnaryGradients,
  ...trigonometricGradients,
  ...activationGradients,
  ...piecewiseConstantGradients,
  ...elementwiseBinaryGradients,
  ...reductionGradients,
  ...matrixProductGradients,
  ...shapeGradients,
  ...joiningGradients,
  ...selectionGradients,
  ...gatheringGradients,
  ...softmaxGradients,
  ...convolutionGradients,
  ...poolingGradients,
  ...cumulativeProductGradients,
  ...einsumGradients,
  ...morphologyGradients,
  ...sparseGradients,
  ...stridedSliceGradients,
  ...blocksGradients,
  ...mirrorPadGradients,
  ...matrixPartGradients,
  ...resizingGradients,
  ...imageGradients,
  ...normalizationGradients,
  ...fusedGradients,
  ...withoutGradientGradients,
];
