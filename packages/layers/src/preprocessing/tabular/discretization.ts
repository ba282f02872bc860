import { checkNumber, describeValue, GradstreamError } from '@gradstream/core';
import { cast, expandDims, greaterEqual, sum, tensor, type Tensor } from '@tensorflow/tfjs-core';
import {
  CATEGORY_MODES,
  checkDense,
  checkMode,
  encodeCategories,
  encodedBuild,
  type CategoryMode,
} from '../../internal/encode-categories.js';
import { checkLayerOptions, layerConfig, type LayerOptions } from '../../layer-options.js';
import type { Layer, LayerBuild } from '../../layer.js';

/** Options of `discretization`: boundaries, or a number of bins for `adaptDiscretization` to find them. */
export interface DiscretizationOptions extends LayerOptions {
  /** The bins' ends in rising order: [0, 1, 2] makes the bins below 0, [0, 1), [1, 2) and from 2 on. */
  readonly binBoundaries?: readonly number[];
  /** How many bins `adaptDiscretization` makes, each with about as many values. */
  readonly numBins?: number;
  /** How exactly `adaptDiscretization` finds them: the share of values that a boundary may be off. Default 0.01. */
  readonly epsilon?: number;
  /** The bins' numbers (default), or vectors as those of `categoryEncoding`. */
  readonly outputMode?: CategoryMode;
  /** There are no sparse tensors here. */
  readonly sparse?: false;
}

/**
 * A layer that says which bin each number falls into: the number of boundaries that are not above it, int32 of the input's shape.
 *
 * As Keras' Discretization. Throws `GS_LAYER_ADAPT` at definition where there are no boundaries yet.
 */
export function discretization(options: DiscretizationOptions): Layer {
  const where = 'layers/discretization';
  const common = checkLayerOptions(where, options, ['binBoundaries', 'numBins', 'epsilon', 'outputMode', 'sparse']);
  const { binBoundaries, numBins } = options;
  if (numBins !== undefined) checkNumber(where, 'numBins', numBins, { min: 1, integer: true });
  const epsilon = checkNumber(where, 'epsilon', options.epsilon ?? 0.01, { min: 0, max: 1, exclusive: 'min' });
  const mode = checkMode(where, options.outputMode ?? 'int', CATEGORY_MODES);
  const sparse = checkDense(where, options.sparse);
  checkBoundaries(where, binBoundaries, numBins);
  return {
    type: 'Discretization',
    ...common,
    build([inputShape], path): LayerBuild {
      if (binBoundaries === undefined) throw withoutBoundaries(path);
      return encodedBuild('discretization', path, inputShape!, mode, binBoundaries.length + 1);
    },
    call(_, [x]): Tensor {
      const ends = tensor([...binBoundaries!], [binBoundaries!.length], 'float32');
      const bins = sum(cast(greaterEqual(expandDims(x!, -1), ends), 'int32'), -1);
      return encodeCategories(bins, mode, binBoundaries!.length + 1);
    },
    toConfig: () =>
      layerConfig('Discretization', common, {
        binBoundaries: binBoundaries === undefined ? null : [...binBoundaries],
        numBins: numBins ?? null,
        epsilon,
        outputMode: mode,
        sparse,
      }),
  };
}

function checkBoundaries(where: string, ends: unknown, numBins: number | undefined): void {
  if (ends === undefined && numBins !== undefined) return;
  const rising =
    Array.isArray(ends) && ends.every((end, index) => Number.isFinite(end) && (index === 0 || end >= ends[index - 1]));
  if (rising) return;
  throw new GradstreamError('GS_OPTION_VALUE', {
    where,
    what: 'There are no boundaries of bins',
    expected: 'binBoundaries as a list of rising numbers, or numBins',
    received: describeValue(ends),
    next: 'Give the boundaries, or let adaptDiscretization({ numBins }, data) find them.',
  });
}

function withoutBoundaries(path: string): GradstreamError {
  return new GradstreamError('GS_LAYER_ADAPT', {
    where: `layers/discretization "${path}"`,
    what: 'The boundaries of the bins are not known yet',
    expected: 'a layer with binBoundaries',
    received: 'a number of bins alone',
    next: 'Use the layer that adaptDiscretization(options, data) gives.',
  });
}
