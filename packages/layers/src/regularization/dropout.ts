import { keyedDropout } from '@gradstream/autodiff';
import { checkNumber } from '@gradstream/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { checkLayerOptions, layerConfig, type LayerOptions } from '../layer-options.js';
import type { Layer, LayerBuild } from '../layer.js';
import { passMask } from '../pass-mask.js';

/**
 * A layer that, while training, sets a share `rate` of its inputs to zero and scales the rest by `1 / (1 - rate)`; otherwise it passes them on.
 *
 * The zeros come from a counter-based generator: the same on every backend for the same seed and step.
 * `rate` from 0 to 1; at 1 everything is zero. Source: Srivastava et al., JMLR 15 (2014).
 */
export function dropout(rate: number, options: LayerOptions = {}): Layer {
  const where = 'layers/dropout';
  checkNumber(where, 'rate', rate, { min: 0, max: 1 });
  const common = checkLayerOptions(where, options);
  return {
    type: 'Dropout',
    ...common,
    build: ([inputShape]): LayerBuild => ({ outputShape: inputShape!, weights: [] }),
    call: (_, [x], { training, key, step }): Tensor => (training && rate > 0 ? keyedDropout(x!, rate, key, step) : x!),
    computeMask: passMask,
    toConfig: () => layerConfig('Dropout', common, { rate }),
  };
}
