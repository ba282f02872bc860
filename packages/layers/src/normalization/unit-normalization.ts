import { minimum, mul, rsqrt, square, sum, type Tensor } from '@tensorflow/tfjs-core';
import { checkAxes, placesOf } from '../internal/axes.js';
import { checkLayerOptions, layerConfig, type LayerOptions } from '../layer-options.js';
import type { Layer, LayerBuild } from '../layer.js';
import { passMask } from '../pass-mask.js';

/** Options of `unitNormalization`. */
export interface UnitNormalizationOptions extends LayerOptions {
  /** The dimension, or dimensions taken together, that gets the length 1. Default -1, the last. */
  readonly axis?: number | readonly number[];
}

/** Lengths below this one count as it. */
const SHORTEST = 1e-12;

/**
 * A layer that gives every vector along `axis` the Euclidean length 1: `x / sqrt(sum(x^2))`. Any shape; no weights.
 *
 * Vectors shorter than 1e-12 are multiplied by 1e12, so that zeros stay zeros. Throws `GS_LAYER_SHAPE` for an axis that is not there.
 */
export function unitNormalization(options: UnitNormalizationOptions = {}): Layer {
  const where = 'layers/unitNormalization';
  const common = checkLayerOptions(where, options, ['axis']);
  const { axis = -1 } = options;
  const axes = checkAxes(where, axis);
  return {
    type: 'UnitNormalization',
    ...common,
    build([inputShape], path): LayerBuild {
      placesOf('unitNormalization', path, inputShape!, axes);
      return { outputShape: inputShape!, weights: [] };
    },
    call(_, [x]): Tensor {
      const places = placesOf('unitNormalization', 'unit_normalization', x!.shape, axes);
      return mul(x!, minimum(rsqrt(sum(square(x!), [...places], true)), 1 / SHORTEST));
    },
    computeMask: passMask,
    toConfig: () => layerConfig('UnitNormalization', common, { axis: typeof axis === 'number' ? axis : [...axis] }),
  };
}
