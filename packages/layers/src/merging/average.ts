import { add, div } from '@tensorflow/tfjs-core';
import { elementwiseMerge, mergingOf, type Merging } from '../internal/merging.js';
import type { LayerOptions } from '../layer-options.js';

/**
 * A layer that takes the mean of its inputs: two or more of one shape, or with sizes of 1 where they differ. `average([a, b])` applies it at once.
 *
 * Throws `GS_LAYER_SHAPE` for shapes that do not fit.
 */
export const average: Merging<LayerOptions> = mergingOf((options) =>
  elementwiseMerge('average', 'Average', options, (inputs) =>
    div(
      inputs.reduce((sum, input) => add(sum, input)),
      inputs.length,
    ),
  ),
);
