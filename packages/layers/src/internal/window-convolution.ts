import type { FusedActivation } from '@gradstream/autodiff';
import type { Json, Shape } from '@gradstream/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { SpatialRank } from '../convolution/convolution-options.js';
import { layerConfig } from '../layer-options.js';
import type { Layer, LayerBuild } from '../layer.js';
import { channelsOf } from './channels.js';
import type { ConvolutionParts } from './convolution-parts.js';
import { windowCounts } from './window-sizes.js';

/** What one kind of convolution over windows is. */
export interface WindowConvolution {
  /** The factory's name and Keras' class. */
  readonly name: string;
  readonly type: string;
  readonly rank: SpatialRank;
  readonly parts: ConvolutionParts;
  /** The shapes of the kernels and the channels of the output, from those of the input; throws where they do not fit. */
  shapes(
    channels: number,
    path: string,
    inputShape: Shape,
  ): { readonly kernels: readonly (readonly number[])[]; readonly channels: number };
  convolve(
    x: Tensor,
    weights: Readonly<Record<string, Tensor>>,
    finish: { readonly bias?: Tensor; readonly activation?: FusedActivation },
  ): Tensor;
  /** Its own entries of the config. */
  readonly config: { readonly first: Record<string, Json>; readonly middle?: Record<string, Json> };
}

/** A layer whose outputs are sums over windows of its input. */
export function windowConvolution(kind: WindowConvolution): Layer {
  const { name, type, rank, parts } = kind;
  const { common } = parts;
  return {
    type,
    ...common,
    activation: parts.activation,
    build([inputShape], path): LayerBuild {
      const { kernels, channels } = kind.shapes(channelsOf(name, path, inputShape!, rank), path, inputShape!);
      const counts = windowCounts(name, path, inputShape!, parts);
      return parts.built(kernels, [inputShape![0]!, ...counts, channels]);
    },
    call(weights, [x]): Tensor {
      // Sizes that were unknown until now may be too small.
      windowCounts(name, common.name ?? name, x!.shape, parts);
      return parts.run(weights, (finish) => kind.convolve(x!, weights, finish));
    },
    toConfig: () => layerConfig(type, common, parts.config(kind.config)),
  };
}
