import { checkChoice } from '@gradstream/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { SpatialRank } from '../convolution/convolution-options.js';
import { checkLayerOptions, layerConfig } from '../layer-options.js';
import type { Layer, LayerBuild } from '../layer.js';
import type { PoolingOptions } from '../pooling/pooling-options.js';
import { checkChannelsLast, eachSize } from './amounts.js';
import { poolWindows, type Pooled } from './pool-windows.js';
import { checkRank } from './shape-error.js';
import { SPATIAL_FORMS } from './spatial-forms.js';
import { windowCounts } from './window-sizes.js';

/** A layer that pools windows in `rank` spatial dimensions. */
export function pooling<Rank extends SpatialRank>(
  rank: Rank,
  kind: Pooled,
  poolSize: unknown,
  options: PoolingOptions<Rank>,
): Layer {
  const name = `${kind}Pooling${rank}d`;
  const where = `layers/${name}`;
  const common = checkLayerOptions(where, options, ['strides', 'padding', 'dataFormat']);
  const sizes = eachSize(where, 'poolSize', poolSize, rank);
  const strides = eachSize(where, 'strides', options.strides ?? sizes, rank);
  const padding = checkChoice(where, 'padding', options.padding ?? 'valid', ['valid', 'same']);
  const dataFormat = checkChannelsLast(where, options.dataFormat);
  const windows = { sizes, strides, padding };
  const type = `${kind === 'max' ? 'Max' : 'Average'}Pooling${rank}D`;
  return {
    type,
    ...common,
    build([inputShape], path): LayerBuild {
      checkRank(name, path, inputShape!, rank + 2, SPATIAL_FORMS[rank]);
      const counts = windowCounts(name, path, inputShape!, windows);
      return { outputShape: [inputShape![0]!, ...counts, inputShape!.at(-1)!], weights: [] };
    },
    call(_, [x]): Tensor {
      // Sizes that were unknown until now may be too small.
      windowCounts(name, common.name ?? name, x!.shape, windows);
      return poolWindows(x!, kind, windows);
    },
    toConfig: () => layerConfig(type, common, { poolSize: [...sizes], padding, strides: [...strides], dataFormat }),
  };
}
