import { checkNumber } from '@gradstream/core';
import { cast, reshape, type Tensor } from '@tensorflow/tfjs-core';
import { checkDense, checkMode, encodeCategories, encodedBuild } from '../../internal/encode-categories.js';
import { shapeError } from '../../internal/shape-error.js';
import { crossHash } from '../../internal/uint64/hash-integers.js';
import { LARGEST_BINS, remainder } from '../../internal/uint64/remainder.js';
import { checkLayerOptions, layerConfig, type LayerOptions } from '../../layer-options.js';
import type { Layer, LayerBuild } from '../../layer.js';

/** Options of `hashedCrossing`. */
export interface HashedCrossingOptions extends LayerOptions {
  /** The bins' numbers (default), or vectors with a one. */
  readonly outputMode?: 'int' | 'oneHot';
  /** There are no sparse tensors here. */
  readonly sparse?: false;
}

/**
 * A layer that puts pairs (or more) of whole numbers into `numBins` bins by a hash of them together: two or more inputs `[batch]` or `[batch, 1]`, int32 of that shape.
 *
 * The bins that Keras' HashedCrossing gives the same whole numbers, on any backend. Text is crossed before it becomes a tensor: `textCrossing` of
 * @gradstream/datasets.
 */
export function hashedCrossing(numBins: number, options: HashedCrossingOptions = {}): Layer {
  const where = 'layers/hashedCrossing';
  checkNumber(where, 'numBins', numBins, { min: 1, max: LARGEST_BINS, integer: true });
  const common = checkLayerOptions(where, options, ['outputMode', 'sparse']);
  const mode = checkMode(where, options.outputMode ?? 'int', ['int', 'oneHot'] as const);
  const sparse = checkDense(where, options.sparse);
  return {
    type: 'HashedCrossing',
    ...common,
    inputDtype: 'any',
    inputCount: [2, Number.POSITIVE_INFINITY],
    build(shapes, path): LayerBuild {
      const [first] = shapes;
      const fits = first!.length === 1 || (first!.length === 2 && first![1] === 1);
      const other = shapes.find((shape) => !fits || JSON.stringify(shape) !== JSON.stringify(first));
      if (other === undefined) return encodedBuild('hashedCrossing', path, first!, mode, numBins);
      const next = 'Give it one number of each feature for each example.';
      throw shapeError(
        'hashedCrossing',
        path,
        'The inputs cannot be crossed',
        'inputs [batch] or [batch, 1], all the same',
        other,
        next,
      );
    },
    call(_, inputs): Tensor {
      const features = inputs.map((x) => cast(reshape(x, [x.size]), 'int32'));
      return encodeCategories(reshape(remainder(crossHash(features), numBins), inputs[0]!.shape), mode, numBins);
    },
    toConfig: () => layerConfig('HashedCrossing', common, { numBins, outputMode: mode, sparse }),
  };
}
