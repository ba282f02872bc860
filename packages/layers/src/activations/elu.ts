import { checkNumber } from '@gradstream/core';
import { elu as activate } from '@gradstream/activations';
import type { Tensor } from '@tensorflow/tfjs-core';
import { checkLayerOptions, layerConfig, type LayerOptions } from '../layer-options.js';
import type { Layer, LayerBuild } from '../layer.js';
import { passMask } from '../pass-mask.js';

/** Options of `elu`. */
export interface EluLayerOptions extends LayerOptions {
  /** The limit for small `x` is `-alpha`. Default 1. */
  readonly alpha?: number;
}

/** A layer that keeps `x` above 0 and takes `alpha * (exp(x) - 1)` below. Any shape. */
export function elu(options: EluLayerOptions = {}): Layer {
  const where = 'layers/elu';
  const common = checkLayerOptions(where, options, ['alpha']);
  const alpha = checkNumber(where, 'alpha', options.alpha ?? 1, { min: 0 });
  return {
    type: 'ELU',
    ...common,
    build: ([inputShape]): LayerBuild => ({ outputShape: inputShape!, weights: [] }),
    call: (_, [x]): Tensor => activate(x!, { alpha }),
    computeMask: passMask,
    // Keras writes no alpha into this config; without it a model would come back changed.
    toConfig: () => layerConfig('ELU', common, { alpha }),
  };
}
