import { runningMean } from '@gradstream/autodiff';
import { checkBoolean, checkNumber, type Config } from '@gradstream/core';
import type { Initializer } from '@gradstream/initializers';
import { sqrt, type Tensor } from '@tensorflow/tfjs-core';
import { AFFINE_OPTIONS, affineParts, type AffineOptions } from '../internal/affine.js';
import { knownSizes, onLastAxis, placesOf } from '../internal/axes.js';
import { batchStatistics, normalize, normalizeBatch, type BatchStatistics } from '../internal/batch-statistics.js';
import { partConfig } from '../internal/part-config.js';
import { checkAlone, checkClipping, renormalize, type RenormClipping } from '../internal/renorm.js';
import { weightParts } from '../internal/weight-parts.js';
import { checkLayerOptions, layerConfig } from '../layer-options.js';
import type { CallContext, Layer, LayerBuild, WeightSpec } from '../layer.js';
import { passMask } from '../pass-mask.js';

/** Options of `batchNormalization`. */
export interface BatchNormalizationOptions extends AffineOptions {
  /** Where the channels are. Default -1, the last dimension. */
  readonly axis?: number;
  /** How much of the running statistics each step keeps, 0 to 1. Default 0.99. */
  readonly momentum?: number;
  /** Added to the variance. Default 0.001. */
  readonly epsilon?: number;
  /** Default `zeros`. */
  readonly movingMeanInitializer?: string | Config | Initializer;
  /** Default `ones`. */
  readonly movingVarianceInitializer?: string | Config | Initializer;
  /** Corrects each batch's statistics towards running ones while training: batch renormalization. Default false. */
  readonly renorm?: boolean;
  /** The bounds of that correction. Default: none. */
  readonly renormClipping?: RenormClipping;
  /** How much of their own running statistics renormalization keeps. Default 0.99. */
  readonly renormMomentum?: number;
  /** Statistics over several devices. One device is all there is here: only false, the default. */
  readonly synchronized?: false;
}

const OWN = [
  'axis',
  'momentum',
  'epsilon',
  'movingMeanInitializer',
  'movingVarianceInitializer',
  'renorm',
  'renormClipping',
  'renormMomentum',
  'synchronized',
  ...AFFINE_OPTIONS,
] as const;

/**
 * A layer that normalizes each channel: `(x - mean) / sqrt(variance + epsilon) * gamma + beta`.
 *
 * While training, mean and variance are those of the batch, over all dimensions but the channels', without what the mask leaves out, and the running
 * statistics take `1 - momentum` of them; the variance is divided by the number of elements. Otherwise, and where the layer is frozen (`trainable: false`, or
 * `freeze` of all its weights), the running statistics are used and stay. Any shape; one weight `gamma`, `beta`, `moving_mean` and `moving_variance` a channel,
 * and with `renorm` also `moving_stddev`, `renorm_mean`, `renorm_stddev`. Channels last are normalized by one kernel forward and one backward where the
 * backend has them. Throws `GS_LAYER_SHAPE` for an axis that is not there or has no known size, `GS_LAYER_MASK` in a call for a mask of another rank than
 * the input's without its last dimension. Sources: Ioffe, Szegedy, arXiv:1502.03167; renorm: Ioffe, arXiv:1702.03275.
 */
export function batchNormalization(options: BatchNormalizationOptions = {}): Layer {
  const where = 'layers/batchNormalization';
  const common = checkLayerOptions(where, options, OWN);
  const axis = checkNumber(where, 'axis', options.axis ?? -1, { integer: true });
  const momentum = checkNumber(where, 'momentum', options.momentum ?? 0.99, { min: 0, max: 1 });
  const epsilon = checkNumber(where, 'epsilon', options.epsilon ?? 1e-3, { min: 0 });
  const renorm = checkBoolean(where, 'renorm', options.renorm ?? false);
  const clipping = checkClipping(where, options.renormClipping);
  const renormMomentum = checkNumber(where, 'renormMomentum', options.renormMomentum ?? 0.99, { min: 0, max: 1 });
  const synchronized = checkAlone(where, options.synchronized);
  const affine = affineParts(where, options);
  const mean = weightParts('moving_mean', options.movingMeanInitializer ?? 'zeros', undefined, undefined);
  const variance = weightParts('moving_variance', options.movingVarianceInitializer ?? 'ones', undefined, undefined);
  const deviation: Initializer = (shape, key) => sqrt(variance.initializer(shape, key));
  const kept = (shape: readonly number[]): readonly WeightSpec[] => {
    const of = (name: string, initializer: Initializer): WeightSpec => ({ name, initializer, shape, trainable: false });
    return [
      { ...mean, shape, trainable: false },
      { ...variance, shape, trainable: false },
      ...(renorm
        ? [of('moving_stddev', deviation), of('renorm_mean', mean.initializer), of('renorm_stddev', deviation)]
        : []),
    ];
  };
  /** As Keras' `trainable`: of several weights, all have to be frozen. */
  const isFrozen = ({ frozen }: CallContext): boolean => {
    const own = affine.specs([]);
    return !common.trainable || (frozen !== undefined && own.length > 0 && own.every(({ name }) => frozen(name)));
  };
  return {
    type: 'BatchNormalization',
    ...common,
    build([inputShape], path): LayerBuild {
      const shape = knownSizes(
        'batchNormalization',
        path,
        inputShape!,
        placesOf('batchNormalization', path, inputShape!, [axis]),
      );
      return { outputShape: inputShape!, weights: [...affine.specs(shape), ...kept(shape)] };
    },
    call(weights, [x], context): Tensor {
      const places = placesOf('batchNormalization', 'batch_normalization', x!.shape, [axis]);
      const { gamma, beta } = weights;
      if (!context.training || isFrozen(context)) {
        const given = { mean: weights.moving_mean!, variance: weights.moving_variance! };
        return onLastAxis(x!, places, (last) => normalize(last, given, gamma, beta, epsilon));
      }
      const mask = context.masks?.[0];
      const masked = mask && batchStatistics(x!, mask, places[0]!);
      const { update } = context;
      const before = { mean: weights.moving_mean!, variance: weights.moving_variance!, momentum };
      return onLastAxis(x!, places, (last) => {
        if (renorm) {
          const run = (): readonly [Tensor, BatchStatistics] => {
            if (masked !== undefined) return [normalize(last, masked, undefined, undefined, epsilon), masked];
            const batch = normalizeBatch(last, undefined, undefined, epsilon);
            return [batch.y, batch];
          };
          return renormalize({ weights, run, momentum, renormMomentum, epsilon, clipping, update });
        }
        if (masked !== undefined) {
          update?.('moving_mean', runningMean(before.mean, masked.mean, momentum));
          update?.('moving_variance', runningMean(before.variance, masked.variance, momentum));
          return normalize(last, masked, gamma, beta, epsilon);
        }
        const { y, moving } = normalizeBatch(last, gamma, beta, epsilon, update && before);
        if (moving !== undefined) {
          update?.('moving_mean', moving.mean);
          update?.('moving_variance', moving.variance);
        }
        return y;
      });
    },
    computeMask: passMask,
    toConfig: () =>
      layerConfig('BatchNormalization', common, {
        axis,
        momentum,
        epsilon,
        ...affine.config(),
        movingMeanInitializer: partConfig(where, 'movingMeanInitializer', mean.initializer),
        movingVarianceInitializer: partConfig(where, 'movingVarianceInitializer', variance.initializer),
        renorm,
        renormClipping: clipping === undefined ? null : { ...clipping },
        renormMomentum,
        synchronized,
      }),
  };
}
