import { checkSeed, checkNumber } from '@gradstream/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { checkLayerOptions, layerConfig } from '../layer-options.js';
import type { Layer, LayerBuild } from '../layer.js';
import { passMask } from '../pass-mask.js';
import { checkChannelsLast } from './amounts.js';
import { dropped, type SeedOptions } from './noise.js';
import { checkRank } from './shape-error.js';
import { SPATIAL_FORMS } from './spatial-forms.js';

/** Options of `spatialDropout2d` and `spatialDropout3d`. */
export interface SpatialDropoutOptions extends SeedOptions {
  /** Where the channels are: only `channelsLast`. */
  readonly dataFormat?: 'channelsLast';
}

/** Dropout of whole channels of each example, in one, two or three dimensions. */
export function spatialDropout(dimensions: 1 | 2 | 3, rate: number, options: SpatialDropoutOptions): Layer {
  const [factory, type] = [`spatialDropout${dimensions}d`, `SpatialDropout${dimensions}D`];
  const where = `layers/${factory}`;
  checkNumber(where, 'rate', rate, { min: 0, max: 1 });
  const common = checkLayerOptions(where, options, ['seed', ...(dimensions === 1 ? [] : ['dataFormat'])]);
  const seed = checkSeed(where, options.seed);
  const format = dimensions === 1 ? {} : { dataFormat: checkChannelsLast(where, options.dataFormat) };
  return {
    type,
    ...common,
    build([inputShape], path): LayerBuild {
      checkRank(factory, path, inputShape!, dimensions + 2, SPATIAL_FORMS[dimensions]);
      return { outputShape: inputShape!, weights: [] };
    },
    call(_, [x], context): Tensor {
      if (!context.training || rate === 0) return x!;
      const noise = x!.shape.map((size, place) => (place === 0 || place === dimensions + 1 ? size : 1));
      return dropped(x!, rate, noise, context, seed);
    },
    computeMask: passMask,
    toConfig() {
      const { config } = layerConfig(type, common, { rate, seed: seed ?? null, ...format });
      const { trainable, ...others } = config;
      // Keras' class takes no `trainable`: it has nothing to train.
      return { type, config: trainable === true ? others : config };
    },
  };
}
