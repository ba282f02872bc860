import { checkNumber } from '@gradstream/core';
import { leakyRelu as activate } from '@gradstream/activations';
import type { Tensor } from '@tensorflow/tfjs-core';
import { checkLayerOptions, layerConfig, type LayerOptions } from '../layer-options.js';
import type { Layer, LayerBuild } from '../layer.js';
import { passMask } from '../pass-mask.js';

/** Options of `leakyRelu`. */
export interface LeakyReluLayerOptions extends LayerOptions {
  /** Slope below 0. Default 0.3, as in Keras' layer; the activation `leakyRelu` has 0.2, as Keras' function. */
  readonly negativeSlope?: number;
}

/** A layer that keeps `x` above 0 and takes `negativeSlope * x` below: units cannot die. Any shape. */
export function leakyRelu(options: LeakyReluLayerOptions = {}): Layer {
  const where = 'layers/leakyRelu';
  const common = checkLayerOptions(where, options, ['negativeSlope']);
  const negativeSlope = checkNumber(where, 'negativeSlope', options.negativeSlope ?? 0.3, { min: 0 });
  return {
    type: 'LeakyReLU',
    ...common,
    build: ([inputShape]): LayerBuild => ({ outputShape: inputShape!, weights: [] }),
    call: (_, [x]): Tensor => activate(x!, { negativeSlope }),
    computeMask: passMask,
    toConfig: () => layerConfig('LeakyReLU', common, { negativeSlope }),
  };
}
