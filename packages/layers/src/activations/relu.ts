import { checkNumber } from '@gradstream/core';
import { relu as activate, type ReluOptions } from '@gradstream/activations';
import type { Tensor } from '@tensorflow/tfjs-core';
import { checkLayerOptions, layerConfig, type LayerOptions } from '../layer-options.js';
import type { Layer, LayerBuild } from '../layer.js';
import { passMask } from '../pass-mask.js';

/** Options of `relu`. */
export type ReluLayerOptions = LayerOptions & ReluOptions;

/** A layer that keeps what is above the threshold and damps the rest: `min(x, maxValue)` above, `negativeSlope * (x - threshold)` below. Any shape. */
export function relu(options: ReluLayerOptions = {}): Layer {
  const where = 'layers/relu';
  const common = checkLayerOptions(where, options, ['maxValue', 'negativeSlope', 'threshold']);
  const { maxValue } = options;
  if (maxValue !== undefined) checkNumber(where, 'maxValue', maxValue, { min: 0 });
  const negativeSlope = checkNumber(where, 'negativeSlope', options.negativeSlope ?? 0, { min: 0 });
  const threshold = checkNumber(where, 'threshold', options.threshold ?? 0);
  const own = { negativeSlope, threshold, ...(maxValue === undefined ? {} : { maxValue }) };
  const plain = maxValue === undefined && negativeSlope === 0 && threshold === 0;
  const call = (x: Tensor): Tensor => activate(x, plain ? undefined : own);
  return {
    type: 'ReLU',
    ...common,
    build: ([inputShape]): LayerBuild => ({ outputShape: inputShape!, weights: [] }),
    call: (_, [x]): Tensor => call(x!),
    computeMask: passMask,
    toConfig: () => layerConfig('ReLU', common, { maxValue: maxValue ?? null, negativeSlope, threshold }),
  };
}
