import { checkBoolean, describeValue, GradstreamError, type Shape } from '@gradstream/core';
import { ones, zeros } from '@gradstream/initializers';
import { add, broadcastTo, div, maximum, mul, reshape, sqrt, sub, tensor, type Tensor } from '@tensorflow/tfjs-core';
import { checkAxes, keptAxes } from '../../internal/kept-axes.js';
import { nestedNumbers, type NestedNumbers } from '../../internal/nested-numbers.js';
import { shapeError } from '../../internal/shape-error.js';
import { checkLayerOptions, layerConfig, type LayerOptions } from '../../layer-options.js';
import type { Layer, LayerBuild } from '../../layer.js';
import { passMask } from '../../pass-mask.js';

/** Options of `normalization`. */
export interface NormalizationOptions extends LayerOptions {
  /** The axes that have a mean for each place: the last one (-1) by default, several, or none (null). The batch cannot be one. */
  readonly axis?: number | readonly number[] | null;
  /** Means, a number or lists that spread to the sizes of the axes. With `variance`. */
  readonly mean?: NestedNumbers;
  /** Variances, of the same form as the means. */
  readonly variance?: NestedNumbers;
  /** Turns normalized numbers back instead. Default false. */
  readonly invert?: boolean;
}

/** No deviation is smaller: that of Keras. */
const SMALLEST = 1e-7;

/**
 * A layer that brings its input to mean 0 and variance 1: `(x - mean) / max(sqrt(variance), 1e-7)`, or back with `invert`.
 *
 * Mean and variance are given, or found by `adaptNormalization`; a layer without them has the weights `mean` and `variance`, which training does not change, at 0 and
 * 1 until they are set. As Keras' Normalization, without its third weight, a count that nothing reads. Throws `GS_LAYER_SHAPE` where they do not fit the input.
 */
export function normalization(options: NormalizationOptions = {}): Layer {
  const where = 'layers/normalization';
  const common = checkLayerOptions(where, options, ['axis', 'mean', 'variance', 'invert']);
  const axes = checkAxes(where, options.axis === undefined ? -1 : options.axis);
  const invert = checkBoolean(where, 'invert', options.invert ?? false);
  const given = checkStatistics(where, options, axes.length);
  const kept = (path: string, shape: Shape): readonly number[] => keptAxes(path, axes, shape);
  return {
    type: 'Normalization',
    ...common,
    build([inputShape], path): LayerBuild {
      const sizes = kept(path, inputShape!).map((axis) => inputShape![axis]!);
      if (given !== undefined) {
        checkSpread(path, given.shape, sizes);
        return { outputShape: inputShape!, weights: [] };
      }
      const weights = [
        { name: 'mean', shape: sizes, initializer: zeros(), trainable: false },
        { name: 'variance', shape: sizes, initializer: ones(), trainable: false },
      ];
      return { outputShape: inputShape!, weights };
    },
    call(weights, [x]): Tensor {
      const on = kept('normalization', x!.shape);
      const sizes = on.map((axis) => x!.shape[axis]!);
      const spread = x!.shape.map((size, axis) => (on.includes(axis) ? size : 1));
      const placed = (values: Tensor): Tensor => reshape(broadcastTo(values, sizes), spread);
      const mean = placed(given === undefined ? weights.mean! : tensor([...given.mean], [...given.shape], 'float32'));
      const variance = placed(
        given === undefined ? weights.variance! : tensor([...given.variance], [...given.shape], 'float32'),
      );
      const deviation = maximum(sqrt(variance), SMALLEST);
      return invert ? add(mean, mul(x!, deviation)) : div(sub(x!, mean), deviation);
    },
    computeMask: passMask,
    toConfig: () =>
      layerConfig('Normalization', common, {
        axis: axes,
        invert,
        mean: options.mean ?? null,
        variance: options.variance ?? null,
      }),
  };
}

interface Statistics {
  readonly shape: readonly number[];
  readonly mean: readonly number[];
  readonly variance: readonly number[];
}

function checkStatistics(
  where: string,
  { mean, variance }: NormalizationOptions,
  most: number,
): Statistics | undefined {
  if (mean === undefined && variance === undefined) return undefined;
  const [means, variances] = [nestedNumbers(where, 'mean', mean), nestedNumbers(where, 'variance', variance)];
  const alike = JSON.stringify(means.shape) === JSON.stringify(variances.shape) && means.shape.length <= most;
  if (alike && variances.values.every((value) => value >= 0))
    return { shape: means.shape, mean: means.values, variance: variances.values };
  throw new GradstreamError('GS_OPTION_VALUE', {
    where,
    what: 'Mean and variance do not fit each other and the axes',
    expected: `means and variances (none below 0) of one form, with at most ${most} dimensions`,
    received: `${describeValue(mean)} and ${describeValue(variance)}`,
    next: 'Give both, a number or one for each place of the axes.',
  });
}

/** Throws unless statistics spread to the sizes of the axes, from the last one on. */
function checkSpread(path: string, shape: readonly number[], sizes: readonly number[]): void {
  const offset = sizes.length - shape.length;
  if (shape.every((size, index) => size === 1 || size === sizes[index + offset])) return;
  throw shapeError(
    'normalization',
    path,
    'The means have other sizes than the axes of the input',
    `sizes that spread to [${sizes.join(', ')}]`,
    shape,
    'Give a mean for each place of the axes, or one for all.',
  );
}
