import { depthwiseConvolution } from '@gradstream/autodiff';
import { checkNumber } from '@gradstream/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { DepthwiseConvOptions } from '../convolution/convolution-options.js';
import { layerConfig } from '../layer-options.js';
import type { Layer, LayerBuild } from '../layer.js';
import { channelsOf } from './channels.js';
import { convolutionParts } from './convolution-parts.js';
import { windowCounts } from './window-sizes.js';

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
  const { where, common, sizes, strides, dilations, padding } = parts;
  const depthMultiplier = checkNumber(where, 'depthMultiplier', options.depthMultiplier ?? 1, {
    min: 1,
    integer: true,
  });
  const type = `DepthwiseConv${rank}D`;
  return {
    type,
    ...common,
    activation: parts.activation,
    build([inputShape], path): LayerBuild {
      const channels = channelsOf(name, path, inputShape!, rank);
      const counts = windowCounts(name, path, inputShape!, parts);
      return parts.built(
        [[...sizes, channels, depthMultiplier]],
        [inputShape![0]!, ...counts, channels * depthMultiplier],
      );
    },
    call(weights, [x]): Tensor {
      // Sizes that were unknown until now may be too small.
      windowCounts(name, common.name ?? name, x!.shape, parts);
      return parts.run(weights, (finish) =>
        depthwiseConvolution({ x: x!, filter: weights['kernel']!, strides, dilations, padding, ...finish }),
      );
    },
    toConfig: () => layerConfig(type, common, parts.config({ first: { depthMultiplier } })),
  };
}
