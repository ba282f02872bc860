import { checkNumber } from '@gradstream/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { eachSize } from '../../internal/amounts.js';
import { checkValueRange } from '../../internal/factor.js';
import { imageLayer, imageSetup } from '../../internal/images/image-layer.js';
import { equalizeTiles } from '../../internal/images/local-histograms.js';
import { changeRange } from '../../internal/images/value-range.js';
import type { Layer } from '../../layer.js';
import type { ValueRangeOptions } from './auto-contrast.js';

/** Options of `contrastLimitedAdaptiveHistogramEqualization`. */
export interface ClaheOptions extends ValueRangeOptions {
  /** How steep contrast may get, in parts of an even histogram; 0 for no limit. Default 4. */
  readonly clipLimit?: number;
  /** How many tiles images are cut into, down and across. Default [8, 8]. */
  readonly tileGridSize?: readonly [number, number];
}

/**
 * A layer that equalizes each channel tile by tile (CLAHE), with tables mixed between the middles of tiles, in training and in use.
 *
 * As Keras' layer of this name; sides that tiles do not divide are continued by their mirror image. The output is piecewise constant in the input: it has no gradient.
 * Source: Zuiderveld, Graphics Gems IV (1994).
 */
export function contrastLimitedAdaptiveHistogramEqualization(options: ClaheOptions = {}): Layer {
  const name = 'contrastLimitedAdaptiveHistogramEqualization';
  const setup = imageSetup(name, options, ['valueRange', 'clipLimit', 'tileGridSize'], false);
  const clipLimit = checkNumber(setup.where, 'clipLimit', options.clipLimit ?? 4, { min: 0 });
  const grid = eachSize(setup.where, 'tileGridSize', options.tileGridSize ?? [8, 8], 2) as [number, number];
  const valueRange = checkValueRange(setup.where, options.valueRange);
  return imageLayer('ContrastLimitedAdaptiveHistogramEqualization', setup, {
    config: { valueRange, clipLimit, tileGridSize: grid },
    always: true,
    transform: (x): Tensor =>
      changeRange(equalizeTiles(changeRange(x, valueRange, [0, 255]), grid, clipLimit), [0, 255], valueRange),
  });
}
