import { checkSeed, checkNumber } from '@gradstream/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { checkNoiseShape, dropped, noiseShapeOf, type NoiseOptions } from '../internal/noise.js';
import { checkLayerOptions, layerConfig } from '../layer-options.js';
import type { Layer, LayerBuild } from '../layer.js';
import { passMask } from '../pass-mask.js';

/**
 * A layer that, while training, sets a share `rate` of its inputs to zero and scales the rest by `1 / (1 - rate)`; otherwise it passes them on.
 *
 * With a `noiseShape` whole stretches are zero together: `[null, 1, null]` drops a feature in all steps. The zeros come from a counter-based generator: the same
 * on every backend for the same seed and step. `rate` from 0 to 1; at 1 everything is zero. Throws `GS_LAYER_SHAPE` for a noise shape that does not spread over
 * the input. Source: Srivastava et al., JMLR 15 (2014).
 */
export function dropout(rate: number, options: NoiseOptions = {}): Layer {
  const where = 'layers/dropout';
  checkNumber(where, 'rate', rate, { min: 0, max: 1 });
  const common = checkLayerOptions(where, options, ['noiseShape', 'seed']);
  const noiseShape = checkNoiseShape(where, options.noiseShape);
  const seed = checkSeed(where, options.seed);
  return {
    type: 'Dropout',
    ...common,
    build([inputShape], path): LayerBuild {
      noiseShapeOf('dropout', path, inputShape!, noiseShape);
      return { outputShape: inputShape!, weights: [] };
    },
    call(_, [x], context): Tensor {
      if (!context.training || rate === 0) return x!;
      return dropped(x!, rate, noiseShapeOf('dropout', 'dropout', x!.shape, noiseShape), context, seed);
    },
    computeMask: passMask,
    toConfig: () =>
      layerConfig('Dropout', common, {
        rate,
        seed: seed ?? null,
        noiseShape: noiseShape === undefined ? null : [...noiseShape],
      }),
  };
}
