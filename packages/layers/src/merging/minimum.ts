import { minimum as smaller } from '@tensorflow/tfjs-core';
import { maskedExtreme } from '../internal/masked-merge.js';
import { elementwiseMerge, mergingOf, type Merging } from '../internal/merging.js';
import type { LayerOptions } from '../layer-options.js';

/**
 * A layer that takes the smallest of its inputs, element by element: two or more of one shape, or with sizes of 1 where they differ. `minimum([a, b])` applies it at once.
 *
 * A masked position does not count; where it is masked in all inputs the first one's value stands, as in Keras. Throws `GS_LAYER_SHAPE` for shapes that do not fit.
 */
export const minimum: Merging<LayerOptions> = mergingOf((options) =>
  elementwiseMerge('minimum', 'Minimum', options, (inputs, masks) => maskedExtreme(smaller, inputs, masks)),
);
