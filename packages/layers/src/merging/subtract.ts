import { sub as minus } from '@tensorflow/tfjs-core';
import { elementwiseMerge, mergingOf, type Merging } from '../internal/merging.js';
import type { LayerOptions } from '../layer-options.js';

/**
 * A layer that subtracts the second input from the first: two of one shape, or with sizes of 1 where they differ. `subtract([a, b])` applies it at once.
 *
 * Throws `GS_LAYER_SHAPE` for shapes that do not fit.
 */
export const subtract: Merging<LayerOptions> = mergingOf((options) =>
  elementwiseMerge('subtract', 'Subtract', options, (inputs) => minus(inputs[0]!, inputs[1]!), 2),
);
