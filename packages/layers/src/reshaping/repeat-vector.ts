import { checkNumber } from '@gradstream/core';
import { expandDims, tile, type Tensor } from '@tensorflow/tfjs-core';
import { checkRank } from '../internal/shape-error.js';
import { checkLayerOptions, layerConfig, type LayerOptions } from '../layer-options.js';
import type { Layer, LayerBuild } from '../layer.js';

/** A layer that repeats each example `n` times: `[batch, features]` in, `[batch, n, features]` out. */
export function repeatVector(n: number, options: LayerOptions = {}): Layer {
  const where = 'layers/repeatVector';
  checkNumber(where, 'n', n, { min: 1, integer: true });
  const common = checkLayerOptions(where, options);
  return {
    type: 'RepeatVector',
    ...common,
    inputDtype: 'any',
    build([inputShape], path): LayerBuild {
      checkRank('repeatVector', path, inputShape!, 2, '[batch, features]');
      return { outputShape: [inputShape![0]!, n, inputShape![1]!], outputDtype: 'input', weights: [] };
    },
    call: (_, [x]): Tensor => tile(expandDims(x!, 1), [1, n, 1]),
    toConfig: () => layerConfig('RepeatVector', common, { n }),
  };
}
