import type { Tensor } from '@tensorflow/tfjs-core';
import { checkChannelsLast, eachSize } from '../internal/amounts.js';
import type { SpatialOptions } from '../internal/cropping.js';
import { repeatAxis } from '../internal/repeat-axis.js';
import { checkRank } from '../internal/shape-error.js';
import { SPATIAL_FORMS } from '../internal/spatial-forms.js';
import { checkLayerOptions, layerConfig } from '../layer-options.js';
import type { Layer, LayerBuild } from '../layer.js';

/** A layer that repeats the cells of volumes, by one factor or one for each direction: `[batch, depth, height, width, channels]` in, the same form out. */
export function upSampling3d(
  size: number | readonly [number, number, number] = 2,
  options: SpatialOptions = {},
): Layer {
  const where = 'layers/upSampling3d';
  const factors = eachSize(where, 'size', size, 3);
  const dataFormat = checkChannelsLast(where, options.dataFormat);
  const common = checkLayerOptions(where, options, ['dataFormat']);
  return {
    type: 'UpSampling3D',
    ...common,
    inputDtype: 'any',
    build([inputShape], path): LayerBuild {
      checkRank('upSampling3d', path, inputShape!, 5, SPATIAL_FORMS[3]);
      const outputShape = inputShape!.map((length, axis) =>
        length === null ? null : length * (factors[axis - 1] ?? 1),
      );
      return { outputShape, outputDtype: 'input', weights: [] };
    },
    call: (_, [x]): Tensor => factors.reduce((y, factor, index) => repeatAxis(y, index + 1, factor), x!),
    toConfig: () => layerConfig('UpSampling3D', common, { size: [...factors], dataFormat }),
  };
}
