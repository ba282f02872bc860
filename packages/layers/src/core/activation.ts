import { activation as findActivation, activationShape, type Activation } from '@gradstream/activations';
import type { Tensor } from '@tensorflow/tfjs-core';
import { activationConfig } from '../internal/part-config.js';
import { checkLayerOptions, layerConfig, type LayerOptions } from '../layer-options.js';
import type { Layer, LayerBuild } from '../layer.js';
import { passMask } from '../pass-mask.js';

/** A layer that applies an activation, given by name or as a function. Any shape in, the same shape out; `glu` halves the last size. */
export function activation(nameOrFunction: string | Activation, options: LayerOptions = {}): Layer {
  const where = 'layers/activation';
  const common = checkLayerOptions(where, options);
  const apply = findActivation(nameOrFunction);
  return {
    type: 'Activation',
    ...common,
    activation: apply,
    build: ([inputShape]): LayerBuild => ({ outputShape: activationShape(apply, inputShape!), weights: [] }),
    call: (_, [x]): Tensor => apply(x!),
    computeMask: passMask,
    toConfig: () => layerConfig('Activation', common, { activation: activationConfig(where, apply) }),
  };
}
