import type { Kernel } from '../kernel.js';
import { activationGradientKernels } from './activation-gradient.js';
import { batchNormKernels } from './batch-norm.js';
import { crossEntropyKernels } from './cross-entropy.js';
import { denseGradientKernels } from './dense-gradient.js';
import { globalNormKernels } from './global-norm.js';
import { layerNormKernels } from './layer-norm.js';
import { optimizerKernels } from './optimizers.js';
import { probabilityCrossEntropyKernels } from './probability-cross-entropy.js';
import { randomKernels } from './random.js';
import { recurrentKernels } from './recurrent.js';
import { resampleKernels } from './resample.js';
import { runningMeanKernels } from './running-mean.js';
import { statisticsKernels } from './statistics.js';

/** Kernels that do in one pass what takes several of tfjs's: read by registration and by the benchmark. */
export const fusedKernels: readonly Kernel[] = [
  ...activationGradientKernels,
  ...denseGradientKernels,
  ...crossEntropyKernels,
  ...probabilityCrossEntropyKernels,
  ...runningMeanKernels,
  ...randomKernels,
  ...statisticsKernels,
  ...optimizerKernels,
  ...globalNormKernels,
  ...layerNormKernels,
  ...batchNormKernels,
  ...recurrentKernels,
  ...resampleKernels,
];
