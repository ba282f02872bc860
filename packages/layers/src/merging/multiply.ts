import { mul } from '@tensorflow/tfjs-core';
import { maskedProduct } from '../internal/masked-merge.js';
import { elementwiseMerge, mergingOf, type Merging } from '../internal/merging.js';
import type { LayerOptions } from '../layer-options.js';

/**
 * A layer that multiplies its inputs: two or more of one shape, or with sizes of 1 where they differ. `multiply([a, b])` applies it at once.
 *
 * A masked position counts as 1, and is 0 where it is masked in all inputs, as in Keras. Throws `GS_LAYER_SHAPE` for shapes that do not fit.
 */
export const multiply: Merging<LayerOptions> = mergingOf((options) =>
  elementwiseMerge('multiply', 'Multiply', options, (inputs, masks) => maskedProduct(mul, inputs, masks)),
);
