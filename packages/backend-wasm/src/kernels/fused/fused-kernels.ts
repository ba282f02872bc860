import type { Kernel } from '../kernel.js';
import { activationGradientKernels } from './activation-gradient.js';
import { crossEntropyKernels } from './cross-entropy.js';
import { denseGradientKernels } from './dense-gradient.js';
import { normalizationKernels } from './normalization.js';
import { optimizerKernels } from './optimizers.js';
import { randomKernels } from './random.js';
import { recurrentKernels } from './recurrent.js';
import { resampleKernels } from './resample.js';
import { statisticsKernels } from './statistics.js';

/** Kernels that do in one pass what takes several of tfjs's: read by registration and by the benchmark. */
export const fusedKernels: readonly Kernel[] = [
  ...activationGradientKernels,
  ...denseGradientKernels,
  ...crossEntropyKernels,
  ...randomKernels,
  ...statisticsKernels,
  ...optimizerKernels,
  ...normalizationKernels,
  ...recurrentKernels,
  ...resampleKernels,
];
