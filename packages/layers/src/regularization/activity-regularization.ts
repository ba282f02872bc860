import { checkNumber } from '@gradstream/core';
import { l1l2 } from '@gradstream/regularizers';
import type { Tensor } from '@tensorflow/tfjs-core';
import { checkLayerOptions, layerConfig, type LayerOptions } from '../layer-options.js';
import type { Layer, LayerBuild } from '../layer.js';
import { passMask } from '../pass-mask.js';

/** Options of `activityRegularization`. */
export interface ActivityRegularizationOptions extends Omit<LayerOptions, 'activityRegularizer'> {
  /** Factor of the sum of absolute values. Default 0. */
  readonly l1?: number;
  /** Factor of the sum of squares. Default 0. */
  readonly l2?: number;
}

/** A layer that passes its input on and adds a penalty on it to the loss: `(l1 * sum(|x|) + l2 * sum(x^2)) / samples`. Any shape. */
export function activityRegularization(options: ActivityRegularizationOptions = {}): Layer {
  const where = 'layers/activityRegularization';
  const common = checkLayerOptions(where, options, ['l1', 'l2']);
  const l1 = checkNumber(where, 'l1', options.l1 ?? 0, { min: 0 });
  const l2 = checkNumber(where, 'l2', options.l2 ?? 0, { min: 0 });
  return {
    type: 'ActivityRegularization',
    ...common,
    activityRegularizer: l1l2({ l1, l2 }),
    build: ([inputShape]): LayerBuild => ({ outputShape: inputShape!, weights: [] }),
    call: (_, [x]): Tensor => x!,
    computeMask: passMask,
    toConfig: () => layerConfig('ActivityRegularization', common, { l1, l2 }),
  };
}
