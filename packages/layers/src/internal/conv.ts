import { convolution } from '@gradstream/autodiff';
import { checkNumber, GradstreamError } from '@gradstream/core';
import type { ConvOptions, SpatialRank } from '../convolution/convolution-options.js';
import type { Layer } from '../layer.js';
import { convolutionParts } from './convolution-parts.js';
import { shapeError } from './shape-error.js';
import { windowConvolution } from './window-convolution.js';

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
  const { where, sizes, strides, dilations, padding } = parts;
  checkNumber(where, 'filters', filters, { min: 1, integer: true });
  const groups = checkNumber(where, 'groups', options.groups ?? 1, { min: 1, integer: true });
  if (filters % groups !== 0) throw notDivisible(where, filters, groups);
  return windowConvolution({
    name,
    type: `Conv${rank}D`,
    rank,
    parts,
    shapes(channels, path, inputShape) {
      if (channels % groups !== 0) {
        throw shapeError(
          name,
          path,
          `The channels cannot be cut into ${groups} groups`,
          `a number of channels that is a multiple of ${groups}`,
          inputShape,
          'Choose groups that divide the channels.',
        );
      }
      return { kernels: [[...sizes, channels / groups, filters]], channels: filters };
    },
    convolve: (x, weights, finish) =>
      convolution({ x, filter: weights['kernel']!, strides, dilations, padding, groups, ...finish }),
    config: { first: { filters }, middle: { groups } },
  });
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
