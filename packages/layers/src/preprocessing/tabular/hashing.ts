import { checkNumber } from '@gradstream/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import {
  CATEGORY_MODES,
  checkDense,
  checkMode,
  encodeCategories,
  encodedBuild,
  type CategoryMode,
} from '../../internal/encode-categories.js';
import { checkSalt, hashWithMask, type Salt } from '../../internal/hash-bins.js';
import { LARGEST_BINS } from '../../internal/uint64/remainder.js';
import { checkLayerOptions, layerConfig, type LayerOptions } from '../../layer-options.js';
import type { Layer, LayerBuild } from '../../layer.js';

/** Options of `hashing`. */
export interface HashingOptions extends LayerOptions {
  /** A number that has bin 0 for itself. Default: none. */
  readonly maskValue?: number;
  /** Makes the hash one's own: SipHash with this key instead of FarmHash. */
  readonly salt?: Salt;
  /** The bins' numbers (default), or vectors as those of `categoryEncoding`. */
  readonly outputMode?: CategoryMode;
  /** There are no sparse tensors here. */
  readonly sparse?: false;
}

/**
 * A layer that puts whole numbers into `numBins` bins by the hash of their decimal text: int32 of the input's shape.
 *
 * The bins that Keras' Hashing gives the same numbers, on any backend: FarmHash64, or SipHash-2-4 with `salt`, in tensors of bits. Fractions are cut off. Text is
 * hashed before it becomes a tensor: `textHashing` of @gradstream/datasets.
 */
export function hashing(numBins: number, options: HashingOptions = {}): Layer {
  const where = 'layers/hashing';
  checkNumber(where, 'numBins', numBins, { min: 1, max: LARGEST_BINS, integer: true });
  const common = checkLayerOptions(where, options, ['maskValue', 'salt', 'outputMode', 'sparse']);
  const { maskValue: mask } = options;
  if (mask !== undefined) checkNumber(where, 'maskValue', mask, { min: -(2 ** 31), max: 2 ** 31 - 1, integer: true });
  const salt = checkSalt(where, options.salt);
  const mode = checkMode(where, options.outputMode ?? 'int', CATEGORY_MODES);
  const sparse = checkDense(where, options.sparse);
  return {
    type: 'Hashing',
    ...common,
    inputDtype: 'any',
    build: ([inputShape], path): LayerBuild => encodedBuild('hashing', path, inputShape!, mode, numBins),
    call: (_, [x]): Tensor => encodeCategories(hashWithMask(x!, numBins, { salt, mask }), mode, numBins),
    toConfig: () =>
      layerConfig('Hashing', common, {
        numBins,
        salt: salt === undefined ? null : [...salt],
        maskValue: mask ?? null,
        outputMode: mode,
        sparse,
      }),
  };
}
