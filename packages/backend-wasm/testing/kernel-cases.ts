import { binaryCases } from './cases/binary.js';
import { blockCases } from './cases/blocks.js';
import { convolutionCases } from './cases/convolution.js';
import { elementwiseCases } from './cases/elementwise.js';
import { fusedCases } from './cases/fused.js';
import type { CasesByKernel } from './cases/kernel-case.js';
import { indexingCases } from './cases/indexing.js';
import { matrixProductCases } from './cases/matrix-product.js';
import { movementCases } from './cases/movement.js';
import { normalizationCases } from './cases/normalization.js';
import { optimizerCases } from './cases/optimizers.js';
import { poolingCases } from './cases/pooling.js';
import { recurrentCases } from './cases/recurrent.js';
import { reductionCases } from './cases/reduction.js';
import { resampleCases } from './cases/resample.js';

/** The cases of every kernel of this backend. */
export const kernelCases: CasesByKernel = {
  ...elementwiseCases,
  ...binaryCases,
  ...movementCases,
  ...blockCases,
  ...indexingCases,
  ...reductionCases,
  ...matrixProductCases,
  ...convolutionCases,
  ...poolingCases,
  ...fusedCases,
  ...resampleCases,
  ...optimizerCases,
  ...normalizationCases,
  ...recurrentCases,
};
