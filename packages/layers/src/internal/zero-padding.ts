import { pad, type Tensor } from '@tensorflow/tfjs-core';
import { checkLayerOptions, layerConfig } from '../layer-options.js';
import type { Layer, LayerBuild } from '../layer.js';
import { bothEnds, checkChannelsLast } from './amounts.js';
import type { SpatialOptions } from './cropping.js';
import { checkRank } from './shape-error.js';
import { SPATIAL_FORMS } from './spatial-forms.js';

/** A layer that adds zeros at the ends of `rank` spatial dimensions. */
export function zeroPadding(name: string, rank: 1 | 2 | 3, amount: unknown, options: SpatialOptions): Layer {
  const where = `layers/${name}`;
  const ends = bothEnds(where, 'padding', amount, rank);
  const dataFormat = checkChannelsLast(where, options.dataFormat);
  const common = checkLayerOptions(where, options, ['dataFormat']);
  const paddings = [[0, 0] as const, ...ends, [0, 0] as const];
  const type = `ZeroPadding${rank}D`;
  return {
    type,
    ...common,
    inputDtype: 'any',
    build([inputShape], path): LayerBuild {
      checkRank(name, path, inputShape!, rank + 2, SPATIAL_FORMS[rank]);
      const outputShape = inputShape!.map((size, axis) =>
        size === null ? null : size + paddings[axis]![0] + paddings[axis]![1],
      );
      return { outputShape, outputDtype: 'input', weights: [] };
    },
    call: (_, [x]): Tensor => pad(x!, paddings as [number, number][]),
    toConfig: () => layerConfig(type, common, { padding: rank === 1 ? ends[0]! : ends, dataFormat }),
  };
}
