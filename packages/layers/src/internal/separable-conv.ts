import { convolution, depthwiseConvolution } from '@gradstream/autodiff';
import { checkNumber } from '@gradstream/core';
import type { SeparableConvOptions } from '../convolution/convolution-options.js';
import type { Layer } from '../layer.js';
import { convolutionParts } from './convolution-parts.js';
import { windowConvolution } from './window-convolution.js';

/** A convolution of each channel by itself, then a mix of the channels at each place. */
export function separableConv<Rank extends 1 | 2>(
  rank: Rank,
  filters: number,
  kernelSize: unknown,
  options: SeparableConvOptions<Rank>,
): Layer {
  const name = `separableConv${rank}d`;
  const parts = convolutionParts(name, kernelSize, options, {
    rank,
    kernels: [
      { weight: 'depthwise_kernel', option: 'depthwise' },
      { weight: 'pointwise_kernel', option: 'pointwise' },
    ],
    own: ['depthMultiplier'],
    paddings: ['valid', 'same'],
    exclusive: false,
  });
  const { where, sizes, strides, dilations, padding } = parts;
  checkNumber(where, 'filters', filters, { min: 1, integer: true });
  const depthMultiplier = checkNumber(where, 'depthMultiplier', options.depthMultiplier ?? 1, {
    min: 1,
    integer: true,
  });
  const ones = sizes.map(() => 1);
  return windowConvolution({
    name,
    type: `SeparableConv${rank}D`,
    rank,
    parts,
    shapes: (channels) => ({
      kernels: [
        [...sizes, channels, depthMultiplier],
        [...ones, channels * depthMultiplier, filters],
      ],
      channels: filters,
    }),
    convolve(x, weights, finish) {
      const inner = depthwiseConvolution({ x, filter: weights['depthwise_kernel']!, strides, dilations, padding });
      return convolution({ x: inner, filter: weights['pointwise_kernel']!, ...finish });
    },
    config: { first: { filters, depthMultiplier } },
  });
}
