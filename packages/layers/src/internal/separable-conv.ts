import { convolution, depthwiseConvolution } from '@gradstream/autodiff';
import { checkNumber } from '@gradstream/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { SeparableConvOptions } from '../convolution/convolution-options.js';
import { layerConfig } from '../layer-options.js';
import type { Layer, LayerBuild } from '../layer.js';
import { channelsOf } from './channels.js';
import { convolutionParts } from './convolution-parts.js';
import { windowCounts } from './window-sizes.js';

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
  const { where, common, sizes, strides, dilations, padding } = parts;
  checkNumber(where, 'filters', filters, { min: 1, integer: true });
  const depthMultiplier = checkNumber(where, 'depthMultiplier', options.depthMultiplier ?? 1, {
    min: 1,
    integer: true,
  });
  const type = `SeparableConv${rank}D`;
  return {
    type,
    ...common,
    activation: parts.activation,
    build([inputShape], path): LayerBuild {
      const channels = channelsOf(name, path, inputShape!, rank);
      const counts = windowCounts(name, path, inputShape!, parts);
      const ones = sizes.map(() => 1);
      return parts.built(
        [
          [...sizes, channels, depthMultiplier],
          [...ones, channels * depthMultiplier, filters],
        ],
        [inputShape![0]!, ...counts, filters],
      );
    },
    call(weights, [x]): Tensor {
      // Sizes that were unknown until now may be too small.
      windowCounts(name, common.name ?? name, x!.shape, parts);
      const filter = weights['depthwise_kernel']!;
      const inner = depthwiseConvolution({ x: x!, filter, strides, dilations, padding });
      return parts.run(weights, (finish) => convolution({ x: inner, filter: weights['pointwise_kernel']!, ...finish }));
    },
    toConfig: () => layerConfig(type, common, parts.config({ first: { filters, depthMultiplier } })),
  };
}
