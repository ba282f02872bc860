import { checkChoice } from '@gradstream/core';
import { cast, type Tensor } from '@tensorflow/tfjs-core';
import { checkChannelsLast, eachSize } from '../internal/amounts.js';
import type { SpatialOptions } from '../internal/cropping.js';
import { repeatAxis } from '../internal/repeat-axis.js';
import { resizeImages } from '../internal/resize-images.js';
import { INTERPOLATIONS, type Interpolation } from '../internal/resize-matrix.js';
import { checkRank } from '../internal/shape-error.js';
import { SPATIAL_FORMS } from '../internal/spatial-forms.js';
import { checkLayerOptions, layerConfig } from '../layer-options.js';
import type { Layer, LayerBuild } from '../layer.js';

/** Options of `upSampling2d`. */
export interface UpSampling2dOptions extends SpatialOptions {
  /** `nearest` (default) repeats pixels; the others are smooth. */
  readonly interpolation?: 'nearest' | 'bilinear' | 'bicubic' | 'lanczos3' | 'lanczos5';
}

/** A layer that enlarges images by whole factors, one for both directions or `[rows, columns]`: `[batch, height, width, channels]` in, the same form out. */
export function upSampling2d(size: number | readonly [number, number] = 2, options: UpSampling2dOptions = {}): Layer {
  const where = 'layers/upSampling2d';
  const [rows, columns] = eachSize(where, 'size', size, 2) as [number, number];
  const dataFormat = checkChannelsLast(where, options.dataFormat);
  const interpolation: Interpolation = checkChoice(
    where,
    'interpolation',
    options.interpolation ?? 'nearest',
    INTERPOLATIONS,
  );
  const common = checkLayerOptions(where, options, ['dataFormat', 'interpolation']);
  return {
    type: 'UpSampling2D',
    ...common,
    inputDtype: 'any',
    build([inputShape], path): LayerBuild {
      checkRank('upSampling2d', path, inputShape!, 4, SPATIAL_FORMS[2]);
      const [batch, height, width, channels] = inputShape!;
      const outputShape = [
        batch!,
        height === null ? null : height! * rows,
        width === null ? null : width! * columns,
        channels!,
      ];
      return { outputShape, outputDtype: interpolation === 'nearest' ? 'input' : 'float32', weights: [] };
    },
    call(_, [x]): Tensor {
      if (interpolation === 'nearest') return repeatAxis(repeatAxis(x!, 1, rows), 2, columns);
      return resizeImages(cast(x!, 'float32'), [x!.shape[1]! * rows, x!.shape[2]! * columns], interpolation);
    },
    toConfig: () => layerConfig('UpSampling2D', common, { size: [rows, columns], dataFormat, interpolation }),
  };
}
