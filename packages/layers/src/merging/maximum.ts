import { maximum as larger } from '@tensorflow/tfjs-core';
import { maskedExtreme } from '../internal/masked-merge.js';
import { elementwiseMerge, mergingOf, type Merging } from '../internal/merging.js';
import type { LayerOptions } from '../layer-options.js';

/**
 * A layer that takes the largest of its inputs, element by element: two or more of one shape, or with sizes of 1 where they differ. `maximum([a, b])` applies it at once.
 *
 * A masked position does not count; where it is masked in all inputs the first one's value stands, as in Keras. Throws `GS_LAYER_SHAPE` for shapes that do not fit.
 */
export const maximum: Merging<LayerOptions> = mergingOf((options) =>
  elementwiseMerge('maximum', 'Maximum', options, (inputs, masks) => maskedExtreme(larger, inputs, masks)),
);
