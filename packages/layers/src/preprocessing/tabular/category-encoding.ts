import { checkNumber } from '@gradstream/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { checkDense, checkMode, encodeCategories, encodedBuild } from '../../internal/encode-categories.js';
import { shapeError } from '../../internal/shape-error.js';
import { checkLayerOptions, layerConfig, type LayerOptions } from '../../layer-options.js';
import type { Layer, LayerBuild } from '../../layer.js';

/** Options of `categoryEncoding`. */
export interface CategoryEncodingOptions extends LayerOptions {
  /**
   * `oneHot`: a one at each number; a last dimension of 1 goes away. `multiHot` (default): ones at all numbers of an example. `count`: how often each is there.
   */
  readonly outputMode?: 'oneHot' | 'multiHot' | 'count';
  /** There are no sparse tensors here. */
  readonly sparse?: false;
}

/**
 * A layer that writes numbers of categories as vectors of `numTokens`: `[batch, n]` in, `[batch, numTokens]` out, or `[batch, n, numTokens]` with `oneHot`.
 *
 * With `count` a second input of the same shape weighs the numbers. As Keras' CategoryEncoding, but for two things: numbers outside 0 to numTokens - 1 are left out
 * where Keras throws, since a step reads nothing back; and a batch of single numbers `[batch]` gives a row for each in every mode.
 */
export function categoryEncoding(numTokens: number, options: CategoryEncodingOptions = {}): Layer {
  const where = 'layers/categoryEncoding';
  checkNumber(where, 'numTokens', numTokens, { min: 1, integer: true });
  const common = checkLayerOptions(where, options, ['outputMode', 'sparse']);
  const mode = checkMode(where, options.outputMode ?? 'multiHot', ['oneHot', 'multiHot', 'count'] as const);
  checkDense(where, options.sparse);
  return {
    type: 'CategoryEncoding',
    ...common,
    inputDtype: 'any',
    inputCount: [1, mode === 'count' ? 2 : 1],
    build([inputShape, weights], path): LayerBuild {
      if (weights !== undefined && JSON.stringify(weights) !== JSON.stringify(inputShape)) {
        const next = 'Give a weight for each number.';
        throw shapeError(
          'categoryEncoding',
          path,
          'The weights have another shape',
          JSON.stringify(inputShape),
          weights,
          next,
        );
      }
      return encodedBuild('categoryEncoding', path, inputShape!, mode, numTokens);
    },
    call: (_, [x, weights]): Tensor => encodeCategories(x!, mode, numTokens, weights),
    toConfig: () => layerConfig('CategoryEncoding', common, { numTokens, outputMode: mode }),
  };
}
