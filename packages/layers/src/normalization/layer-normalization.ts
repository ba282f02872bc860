import { fusedLayerNorm } from '@gradstream/autodiff';
import { checkBoolean, checkNumber } from '@gradstream/core';
import { add, mean, mul, reshape, rsqrt, square, sub, type Tensor } from '@tensorflow/tfjs-core';
import { AFFINE_OPTIONS, affineParts, type AffineOptions } from '../internal/affine.js';
import { checkAxes, knownSizes, onLastAxis, placesOf } from '../internal/axes.js';
import { checkLayerOptions, layerConfig } from '../layer-options.js';
import type { Layer, LayerBuild } from '../layer.js';
import { passMask } from '../pass-mask.js';

/** Options of `layerNormalization`. */
export interface LayerNormalizationOptions extends AffineOptions {
  /** The dimension, or dimensions taken together, that is brought to mean 0 and variance 1. Default -1, the last. */
  readonly axis?: number | readonly number[];
  /** Added to the variance. Default 0.001. */
  readonly epsilon?: number;
  /** Only divides by the deviation and multiplies by `gamma`, without `center` and without taking off the mean. Deprecated in Keras. Default false. */
  readonly rmsScaling?: boolean;
}

/**
 * A layer that normalizes every example, and every position in it, by itself: `(x - mean) / sqrt(variance + epsilon) * gamma + beta`, statistics along `axis`.
 *
 * Any shape; `gamma` and `beta` have the sizes of the axes in rising order. Along the last dimensions it is one kernel forward and one backward where the
 * backend has them; other axes are moved to the end first. Throws `GS_LAYER_SHAPE` for an axis that is not there or has no known size. Source: Ba, Kiros,
 * Hinton, arXiv:1607.06450. Keras keeps a list of both negative and other axes in the order of the numbers, this layer in that of the dimensions.
 */
export function layerNormalization(options: LayerNormalizationOptions = {}): Layer {
  const where = 'layers/layerNormalization';
  const common = checkLayerOptions(where, options, ['axis', 'epsilon', 'rmsScaling', ...AFFINE_OPTIONS]);
  const { axis = -1 } = options;
  const axes = checkAxes(where, axis);
  const epsilon = checkNumber(where, 'epsilon', options.epsilon ?? 1e-3, { min: 0 });
  const rmsScaling = checkBoolean(where, 'rmsScaling', options.rmsScaling ?? false);
  const affine = affineParts(where, options);
  // Keras always has a factor and never an offset then.
  const own = rmsScaling ? affineParts(where, { ...options, scale: true, center: false }) : affine;
  return {
    type: 'LayerNormalization',
    ...common,
    build([inputShape], path): LayerBuild {
      const places = placesOf('layerNormalization', path, inputShape!, axes);
      const sizes = knownSizes('layerNormalization', path, inputShape!, places);
      return { outputShape: inputShape!, weights: own.specs(sizes) };
    },
    call({ gamma, beta }, [x]): Tensor {
      const places = placesOf('layerNormalization', 'layer_normalization', x!.shape, axes);
      const factor = gamma && flat(gamma);
      return onLastAxis(x!, places, (rows) =>
        rmsScaling
          ? scaled(rows, factor!, epsilon)
          : fusedLayerNorm({ x: rows, gamma: factor, beta: beta && flat(beta), epsilon }),
      );
    },
    computeMask: passMask,
    toConfig: () =>
      layerConfig('LayerNormalization', common, {
        axis: typeof axis === 'number' ? axis : [...axis],
        epsilon,
        rmsScaling,
        ...affine.config(),
      }),
  };
}

const flat = (x: Tensor): Tensor => (x.rank === 1 ? x : reshape(x, [x.size]));

function scaled(x: Tensor, gamma: Tensor, epsilon: number): Tensor {
  const variance = mean(square(sub(x, mean(x, -1, true))), -1, true);
  return mul(mul(x, rsqrt(add(variance, epsilon))), gamma);
}
