import { keyedNormal } from '@gradstream/autodiff';
import { checkSeed, checkNumber } from '@gradstream/core';
import { mul, type Tensor } from '@tensorflow/tfjs-core';
import { seededKey, type SeedOptions } from '../internal/noise.js';
import { checkLayerOptions, layerConfig } from '../layer-options.js';
import type { Layer, LayerBuild } from '../layer.js';
import { passMask } from '../pass-mask.js';

/**
 * A layer that, while training, multiplies by normal random numbers of mean 1 and the standard deviation `sqrt(rate / (1 - rate))`, as much noise as dropout of that
 * rate makes; otherwise it passes its input on. Any shape.
 *
 * The numbers come from a counter-based generator, as those of `gaussianNoise`. `rate` from 0 to below 1: at 1, where Keras fails in the first step, there is no
 * such deviation. Source: Srivastava et al., JMLR 15 (2014).
 */
export function gaussianDropout(rate: number, options: SeedOptions = {}): Layer {
  const where = 'layers/gaussianDropout';
  checkNumber(where, 'rate', rate, { min: 0, max: 1, exclusive: 'max' });
  const common = checkLayerOptions(where, options, ['seed']);
  const seed = checkSeed(where, options.seed);
  const deviation = Math.sqrt(rate / (1 - rate));
  return {
    type: 'GaussianDropout',
    ...common,
    build: ([inputShape]): LayerBuild => ({ outputShape: inputShape!, weights: [] }),
    call(_, [x], { training, key, step }): Tensor {
      if (!training || rate === 0) return x!;
      return mul(x!, keyedNormal(x!.shape, seededKey(key, seed), step, { mean: 1, deviation }));
    },
    computeMask: passMask,
    toConfig: () => layerConfig('GaussianDropout', common, { rate, seed: seed ?? null }),
  };
}
