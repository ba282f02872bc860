import { checkNumber, GradstreamError, type Shape } from '@gradstream/core';
import { fusedLayerNorm } from '@gradstream/autodiff';
import { add, mul, reshape, transpose, type Tensor } from '@tensorflow/tfjs-core';
import { AFFINE_OPTIONS, affineParts, type AffineOptions } from '../internal/affine.js';
import { knownSizes, onLastAxis, placesOf } from '../internal/axes.js';
import { shapeError } from '../internal/shape-error.js';
import { checkLayerOptions, layerConfig } from '../layer-options.js';
import type { Layer, LayerBuild } from '../layer.js';
import { passMask } from '../pass-mask.js';

/** Options of `groupNormalization`. */
export interface GroupNormalizationOptions extends AffineOptions {
  /** How many groups the channels are cut into; it divides their number. -1: each channel is a group (instance normalization). Default 32. */
  readonly groups?: number;
  /** Where the channels are, not the batch. Default -1, the last dimension. */
  readonly axis?: number;
  /** Added to the variance. Default 0.001. */
  readonly epsilon?: number;
}

/**
 * A layer that normalizes each example by groups of channels: mean and variance over a group's channels and all other dimensions, then
 * `(x - mean) / sqrt(variance + epsilon) * gamma + beta` with one `gamma` and `beta` a channel.
 *
 * `[batch, ..., channels]` in and out, of at least two dimensions. Throws `GS_LAYER_SHAPE` where the groups do not divide the channels. Source: Wu, He,
 * arXiv:1803.08494.
 */
export function groupNormalization(options: GroupNormalizationOptions = {}): Layer {
  const where = 'layers/groupNormalization';
  const common = checkLayerOptions(where, options, ['groups', 'axis', 'epsilon', ...AFFINE_OPTIONS]);
  const groups = checkNumber(where, 'groups', options.groups ?? 32, { min: -1, integer: true });
  if (groups === 0) {
    throw new GradstreamError('GS_OPTION_VALUE', {
      where,
      what: 'The option "groups" has a value that cannot be used',
      expected: 'a positive whole number, or -1 for instance normalization',
      received: '0',
      next: 'Use groups: 1 to normalize all channels together.',
    });
  }
  const axis = checkNumber(where, 'axis', options.axis ?? -1, { integer: true });
  const epsilon = checkNumber(where, 'epsilon', options.epsilon ?? 1e-3, { min: 0 });
  const affine = affineParts(where, options);
  return {
    type: 'GroupNormalization',
    ...common,
    build([inputShape], path): LayerBuild {
      const channels = checkChannels(path, inputShape!, axis, groups);
      return { outputShape: inputShape!, weights: affine.specs([channels]) };
    },
    call({ gamma, beta }, [x]): Tensor {
      const places = placesOf('groupNormalization', 'group_normalization', x!.shape, [axis]);
      return onLastAxis(x!, places, (last) => {
        const normal = normalized(last, groups === -1 ? last.shape.at(-1)! : groups, epsilon);
        const scaled = gamma === undefined ? normal : mul(normal, gamma);
        return beta === undefined ? scaled : add(scaled, beta);
      });
    },
    computeMask: passMask,
    toConfig: () => layerConfig('GroupNormalization', common, { groups, axis, epsilon, ...affine.config() }),
  };
}

/** Each group of each example as one row of a layer normalization. */
function normalized(x: Tensor, groups: number, epsilon: number): Tensor {
  const [batch, channels] = [x.shape[0]!, x.shape.at(-1)!];
  const positions = x.size / Math.max(1, batch * channels);
  const width = channels / groups;
  const rows = (y: Tensor): Tensor => reshape(y, [batch, groups, positions * width]);
  if (positions === 1 || groups === 1) return reshape(fusedLayerNorm({ x: rows(x), epsilon }), x.shape);
  const parts = transpose(reshape(x, [batch, positions, groups, width]), [0, 2, 1, 3]);
  const normal = reshape(fusedLayerNorm({ x: rows(parts), epsilon }), [batch, groups, positions, width]);
  return reshape(transpose(normal, [0, 2, 1, 3]), x.shape);
}

function checkChannels(path: string, shape: Shape, axis: number, groups: number): number {
  const places = placesOf('groupNormalization', path, shape, [axis]);
  if (places[0] === 0) {
    throw shapeError(
      'groupNormalization',
      path,
      'The channels are where the batch is',
      'an axis other than the first dimension',
      shape,
      'Use axis: -1, and at least two dimensions.',
    );
  }
  const [channels] = knownSizes('groupNormalization', path, shape, places);
  if (groups === -1 || channels! % groups === 0) return channels!;
  throw shapeError(
    'groupNormalization',
    path,
    `${channels} channels cannot be cut into ${groups} groups`,
    `a multiple of ${groups} channels`,
    shape,
    'Choose a number of groups that divides the channels.',
  );
}
