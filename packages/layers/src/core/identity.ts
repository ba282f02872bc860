import type { Tensor } from '@tensorflow/tfjs-core';
import { checkLayerOptions, layerConfig, type LayerOptions } from '../layer-options.js';
import type { Layer, LayerBuild } from '../layer.js';
import { passMask } from '../pass-mask.js';

/** A layer that passes its input on: to name a place in a model, or to stand in for another layer. */
export function identity(options: LayerOptions = {}): Layer {
  const common = checkLayerOptions('layers/identity', options);
  return {
    type: 'Identity',
    ...common,
    inputDtype: 'any',
    build: ([inputShape]): LayerBuild => ({ outputShape: inputShape!, outputDtype: 'input', weights: [] }),
    call: (_, [x]): Tensor => x!,
    computeMask: passMask,
    toConfig: () => layerConfig('Identity', common),
  };
}
