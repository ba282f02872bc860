import { checkNumber } from '@gradstream/core';
import { add, mean, mul, reshape, rsqrt, square, type Tensor } from '@tensorflow/tfjs-core';
import { checkAxes, knownSizes, onLastAxis, placesOf } from '../internal/axes.js';
import { weightParts } from '../internal/weight-parts.js';
import { checkLayerOptions, layerConfig, type LayerOptions } from '../layer-options.js';
import type { Layer, LayerBuild } from '../layer.js';

/** Options of `rmsNormalization`. */
export interface RmsNormalizationOptions extends LayerOptions {
  /** The dimension, or dimensions taken together, that is divided by its root mean square. Default -1, the last. */
  readonly axis?: number | readonly number[];
  /** Added to the mean of the squares. Default 0.000001. */
  readonly epsilon?: number;
}

/**
 * A layer that divides by the root mean square: `x / sqrt(mean(x^2) + epsilon) * scale`, the mean along `axis`.
 *
 * Any shape; the weight `scale` has the sizes of the axes. As in Keras it loses the mask. Throws `GS_LAYER_SHAPE` for an axis that is not there or has no known
 * size. Source: Zhang, Sennrich, arXiv:1910.07467.
 */
export function rmsNormalization(options: RmsNormalizationOptions = {}): Layer {
  const where = 'layers/rmsNormalization';
  const common = checkLayerOptions(where, options, ['axis', 'epsilon']);
  const { axis = -1 } = options;
  const axes = checkAxes(where, axis);
  const epsilon = checkNumber(where, 'epsilon', options.epsilon ?? 1e-6, { min: 0 });
  const factor = weightParts('scale', 'ones', undefined, undefined);
  return {
    type: 'RMSNormalization',
    ...common,
    build([inputShape], path): LayerBuild {
      const places = placesOf('rmsNormalization', path, inputShape!, axes);
      const shape = knownSizes('rmsNormalization', path, inputShape!, places);
      return { outputShape: inputShape!, weights: [{ ...factor, shape }] };
    },
    call({ scale }, [x]): Tensor {
      const places = placesOf('rmsNormalization', 'rms_normalization', x!.shape, axes);
      return onLastAxis(x!, places, (rows) =>
        mul(mul(rows, rsqrt(add(mean(square(rows), -1, true), epsilon))), reshape(scale!, [scale!.size])),
      );
    },
    toConfig: () =>
      layerConfig('RMSNormalization', common, { axis: typeof axis === 'number' ? axis : [...axis], epsilon }),
  };
}
