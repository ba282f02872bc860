import { checkNumber } from '@gradstream/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { repeatAxis } from '../internal/repeat-axis.js';
import { checkRank } from '../internal/shape-error.js';
import { SPATIAL_FORMS } from '../internal/spatial-forms.js';
import { checkLayerOptions, layerConfig, type LayerOptions } from '../layer-options.js';
import type { Layer, LayerBuild } from '../layer.js';

/** A layer that repeats each step `size` times: `[batch, steps, features]` in, `[batch, steps * size, features]` out. */
export function upSampling1d(size = 2, options: LayerOptions = {}): Layer {
  const where = 'layers/upSampling1d';
  checkNumber(where, 'size', size, { min: 1, integer: true });
  const common = checkLayerOptions(where, options);
  return {
    type: 'UpSampling1D',
    ...common,
    inputDtype: 'any',
    build([inputShape], path): LayerBuild {
      checkRank('upSampling1d', path, inputShape!, 3, SPATIAL_FORMS[1]);
      const [batch, steps, features] = inputShape!;
      return {
        outputShape: [batch!, steps === null ? null : steps! * size, features!],
        outputDtype: 'input',
        weights: [],
      };
    },
    call: (_, [x]): Tensor => repeatAxis(x!, 1, size),
    toConfig: () => layerConfig('UpSampling1D', common, { size }),
  };
}
