import { depthwiseConvolution } from '@gradstream/autodiff';
import { checkNumber } from '@gradstream/core';
import type { DepthwiseConvOptions } from '../convolution/convolution-options.js';
import type { Layer } from '../layer.js';
import { convolutionParts } from './convolution-parts.js';
import { windowConvolution } from './window-convolution.js';

/** A convolution of each channel by itself in `rank` spatial dimensions. */
export function depthwiseConv<Rank extends 1 | 2>(
  rank: Rank,
  kernelSize: unknown,
  options: DepthwiseConvOptions<Rank>,
): Layer {
  const name = `depthwiseConv${rank}d`;
  const parts = convolutionParts(name, kernelSize, options, {
    rank,
    kernels: [{ weight: 'kernel', option: 'depthwise' }],
    own: ['depthMultiplier'],
    paddings: ['valid', 'same'],
    exclusive: false,
  });
  const { where, sizes, strides, dilations, padding } = parts;
  const depthMultiplier = checkNumber(where, 'depthMultiplier', options.depthMultiplier ?? 1, {
    min: 1,
    integer: true,
  });
  return windowConvolution({
    name,
    type: `DepthwiseConv${rank}D`,
    rank,
    parts,
    shapes: (channels) => ({
      kernels: [[...sizes, channels, depthMultiplier]],
      channels: channels * depthMultiplier,
    }),
    convolve: (x, weights, finish) =>
      depthwiseConvolution({ x, filter: weights['kernel']!, strides, dilations, padding, ...finish }),
    config: { first: { depthMultiplier } },
  });
}
