import { checkBoolean } from '@gradstream/core';
import { cast, div, expandDims, max, mean, sum, where as select, zerosLike, type Tensor } from '@tensorflow/tfjs-core';
import type { SpatialRank } from '../convolution/convolution-options.js';
import { checkLayerOptions, layerConfig } from '../layer-options.js';
import type { Layer, LayerBuild } from '../layer.js';
import type { GlobalPoolingOptions } from '../pooling/pooling-options.js';
import { checkChannelsLast } from './amounts.js';
import type { Pooled } from './pool-windows.js';
import { checkRank } from './shape-error.js';
import { SPATIAL_FORMS } from './spatial-forms.js';

/** A layer that pools over all places of `rank` spatial dimensions. */
export function globalPooling(rank: SpatialRank, kind: Pooled, options: GlobalPoolingOptions): Layer {
  const kindName = kind === 'max' ? 'Max' : 'Average';
  const name = `global${kindName}Pooling${rank}d`;
  const where = `layers/${name}`;
  const common = checkLayerOptions(where, options, ['keepdims', 'dataFormat']);
  const dataFormat = checkChannelsLast(where, options.dataFormat);
  const keepdims = checkBoolean(where, 'keepdims', options.keepdims ?? false);
  const axes = Array.from({ length: rank }, (_, index) => index + 1);
  const type = `Global${kindName}Pooling${rank}D`;
  return {
    type,
    ...common,
    build([inputShape], path): LayerBuild {
      checkRank(name, path, inputShape!, rank + 2, SPATIAL_FORMS[rank]);
      const kept = keepdims ? axes.map(() => 1) : [];
      return { outputShape: [inputShape![0]!, ...kept, inputShape!.at(-1)!], weights: [] };
    },
    call(_, [x], { masks }): Tensor {
      const mask = rank === 1 && kind === 'average' ? masks?.[0] : undefined;
      if (mask !== undefined) return maskedMean(x!, mask, keepdims);
      return kind === 'max' ? max(x!, axes, keepdims) : mean(x!, axes, keepdims);
    },
    toConfig: () => layerConfig(type, common, { dataFormat, keepdims }),
  };
}

/** The mean of the steps that count. The others are chosen away, not multiplied by 0: they may hold anything. */
function maskedMean(x: Tensor, mask: Tensor, keepdims: boolean): Tensor {
  const counted = expandDims(mask, 2);
  const total = sum(select(counted, x, zerosLike(x)), 1, keepdims);
  return div(total, sum(cast(counted, 'float32'), 1, keepdims));
}
