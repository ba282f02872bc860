import { convolution } from '@gradstream/autodiff';
import { checkNumber, GradstreamError } from '@gradstream/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { ConvOptions, SpatialRank } from '../convolution/convolution-options.js';
import { layerConfig } from '../layer-options.js';
import type { Layer, LayerBuild } from '../layer.js';
import { channelsOf } from './channels.js';
import { convolutionParts } from './convolution-parts.js';
import { shapeError } from './shape-error.js';
import { windowCounts } from './window-sizes.js';

/** A convolution in `rank` spatial dimensions. */
export function conv<Rank extends SpatialRank>(
  rank: Rank,
  filters: number,
  kernelSize: unknown,
  options: ConvOptions<Rank>,
): Layer {
  const name = `conv${rank}d`;
  const parts = convolutionParts(name, kernelSize, options, {
    rank,
    kernels: [{ weight: 'kernel', option: 'kernel' }],
    own: ['groups'],
    paddings: rank === 1 ? ['valid', 'same', 'causal'] : ['valid', 'same'],
    exclusive: true,
  });
  const { where, common, sizes, strides, dilations, padding } = parts;
  checkNumber(where, 'filters', filters, { min: 1, integer: true });
  const groups = checkNumber(where, 'groups', options.groups ?? 1, { min: 1, integer: true });
  if (filters % groups !== 0) throw notDivisible(where, filters, groups);
  const type = `Conv${rank}D`;
  return {
    type,
    ...common,
    activation: parts.activation,
    build([inputShape], path): LayerBuild {
      const channels = channelsOf(name, path, inputShape!, rank);
      if (channels % groups !== 0) {
        throw shapeError(
          name,
          path,
          `The channels cannot be cut into ${groups} groups`,
          `a number of channels that is a multiple of ${groups}`,
          inputShape!,
          'Choose groups that divide the channels.',
        );
      }
      const counts = windowCounts(name, path, inputShape!, parts);
      return parts.built([[...sizes, channels / groups, filters]], [inputShape![0]!, ...counts, filters]);
    },
    call(weights, [x]): Tensor {
      // Sizes that were unknown until now may be too small.
      windowCounts(name, common.name ?? name, x!.shape, parts);
      return parts.run(weights, (finish) =>
        convolution({ x: x!, filter: weights['kernel']!, strides, dilations, padding, groups, ...finish }),
      );
    },
    toConfig: () => layerConfig(type, common, parts.config({ first: { filters }, middle: { groups } })),
  };
}

function notDivisible(where: string, filters: number, groups: number): GradstreamError {
  return new GradstreamError('GS_OPTION_VALUE', {
    where,
    what: `The filters cannot be cut into ${groups} groups`,
    expected: `"filters" to be a multiple of ${groups}`,
    received: String(filters),
    next: 'Choose groups that divide the filters.',
  });
}
