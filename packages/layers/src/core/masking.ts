import { checkNumber } from '@gradstream/core';
import { any, cast, mul, notEqual, type Tensor } from '@tensorflow/tfjs-core';
import { shapeError } from '../internal/shape-error.js';
import { checkLayerOptions, layerConfig, type LayerOptions } from '../layer-options.js';
import type { Layer, LayerBuild, Mask } from '../layer.js';

/** Options of `masking`. */
export interface MaskingOptions extends LayerOptions {
  /** What stands for nothing. Default 0. */
  readonly maskValue?: number;
}

/**
 * A layer that leaves out the steps whose features are all `maskValue`: it sets them to 0 and gives later layers a mask. `[batch, steps, ..., features]` in and
 * out; the mask has no last dimension.
 */
export function masking(options: MaskingOptions = {}): Layer {
  const where = 'layers/masking';
  const common = checkLayerOptions(where, options, ['maskValue']);
  const maskValue = checkNumber(where, 'maskValue', options.maskValue ?? 0);
  const counts = (x: Tensor, keepDims: boolean): Tensor => any(notEqual(x, maskValue), -1, keepDims);
  return {
    type: 'Masking',
    ...common,
    build([inputShape], path): LayerBuild {
      if (inputShape!.length < 2)
        throw shapeError(
          'masking',
          path,
          'The input has no features',
          '[batch, steps, ..., features]',
          inputShape!,
          'Reshape it first.',
        );
      return { outputShape: inputShape!, weights: [] };
    },
    call: (_, [x]): Tensor => mul(x!, cast(counts(x!, true), 'float32')),
    computeMask: ([x]): Mask => counts(x!, false),
    toConfig: () => layerConfig('Masking', common, { maskValue }),
  };
}
