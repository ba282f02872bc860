import { add as plus } from '@tensorflow/tfjs-core';
import { elementwiseMerge, mergingOf, type Merging } from '../internal/merging.js';
import type { LayerOptions } from '../layer-options.js';

/**
 * A layer that adds its inputs: two or more of one shape, or with sizes of 1 where they differ. `add([a, b])` applies it at once.
 *
 * Throws `GS_LAYER_SHAPE` for shapes that do not fit.
 */
export const add: Merging<LayerOptions> = mergingOf((options) =>
  elementwiseMerge('add', 'Add', options, (inputs) => inputs.reduce((sum, input) => plus(sum, input))),
);
