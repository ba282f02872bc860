import type { Shape } from '@gradstream/core';
import { slice, type Tensor } from '@tensorflow/tfjs-core';
import { checkLayerOptions, layerConfig, type LayerOptions } from '../layer-options.js';
import type { Layer, LayerBuild } from '../layer.js';
import { bothEnds, checkChannelsLast } from './amounts.js';
import { SPATIAL_FORMS } from './spatial-forms.js';
import { checkRank, shapeError } from './shape-error.js';

/** Options of a layer on one, two or three spatial dimensions. */
export interface SpatialOptions extends LayerOptions {
  /** Where the channels are. Default and only choice: `channelsLast`. */
  readonly dataFormat?: 'channelsLast';
}

/** A layer that cuts off the ends of `rank` spatial dimensions. */
export function cropping(name: string, rank: 1 | 2 | 3, amount: unknown, options: SpatialOptions): Layer {
  const where = `layers/${name}`;
  const ends = bothEnds(where, 'cropping', amount, rank);
  const dataFormat = checkChannelsLast(where, options.dataFormat);
  const common = checkLayerOptions(where, options, rank === 1 ? [] : ['dataFormat']);
  const type = `Cropping${rank}D`;
  return {
    type,
    ...common,
    inputDtype: 'any',
    build([inputShape], path): LayerBuild {
      checkRank(name, path, inputShape!, rank + 2, SPATIAL_FORMS[rank]);
      return { outputShape: cropped(name, path, inputShape!, ends), outputDtype: 'input', weights: [] };
    },
    call(_, [x]): Tensor {
      const begin = [0, ...ends.map(([before]) => before), 0];
      const size = x!.shape.map((length, axis) => {
        const [before, after] = ends[axis - 1] ?? [0, 0];
        return length - before - after;
      });
      return slice(x!, begin, size);
    },
    toConfig: () =>
      layerConfig(type, common, {
        cropping: rank === 1 ? ends[0]! : ends,
        ...(rank === 1 ? {} : { dataFormat }),
      }),
  };
}

function cropped(name: string, path: string, shape: Shape, ends: ReturnType<typeof bothEnds>): Shape {
  return shape.map((size, axis) => {
    const [before, after] = ends[axis - 1] ?? [0, 0];
    if (size === null || before + after === 0) return size;
    if (before + after < size) return size - before - after;
    throw shapeError(
      name,
      path,
      `Cropping takes all of dimension ${axis}`,
      `less than ${size} in total`,
      `${before} and ${after}`,
      'Crop less, or give the layer larger inputs.',
    );
  });
}
