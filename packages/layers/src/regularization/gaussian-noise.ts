import { keyedNormal } from '@gradstream/autodiff';
import { checkSeed, checkNumber } from '@gradstream/core';
import { add, type Tensor } from '@tensorflow/tfjs-core';
import { seededKey, type SeedOptions } from '../internal/noise.js';
import { checkLayerOptions, layerConfig } from '../layer-options.js';
import type { Layer, LayerBuild } from '../layer.js';
import { passMask } from '../pass-mask.js';

/**
 * A layer that, while training, adds normal random numbers of mean 0 and the standard deviation `stddev`, from 0 to 1; otherwise it passes its input on. Any shape.
 *
 * The numbers come from a counter-based generator: the same on every backend for the same seed and step, to the last digits of float32.
 */
export function gaussianNoise(stddev: number, options: SeedOptions = {}): Layer {
  const where = 'layers/gaussianNoise';
  checkNumber(where, 'stddev', stddev, { min: 0, max: 1 });
  const common = checkLayerOptions(where, options, ['seed']);
  const seed = checkSeed(where, options.seed);
  return {
    type: 'GaussianNoise',
    ...common,
    build: ([inputShape]): LayerBuild => ({ outputShape: inputShape!, weights: [] }),
    call(_, [x], { training, key, step }): Tensor {
      if (!training || stddev === 0) return x!;
      return add(x!, keyedNormal(x!.shape, seededKey(key, seed), step, { deviation: stddev }));
    },
    computeMask: passMask,
    toConfig: () => layerConfig('GaussianNoise', common, { stddev, seed: seed ?? null }),
  };
}
