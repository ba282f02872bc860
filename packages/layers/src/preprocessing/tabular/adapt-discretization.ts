import { GradstreamError } from '@gradstream/core';
import { hostBatches, type AdaptData } from '../../internal/host-batches.js';
import { boundariesOf, EMPTY, mergeSketches, sketchOf, type Sketch } from '../../internal/quantile-sketch.js';
import type { Layer } from '../../layer.js';
import { discretization, type DiscretizationOptions } from './discretization.js';

/**
 * The `discretization` of data into `numBins` bins with about as many values each: goes through the data once, on the host, with a sketch of its quantiles.
 *
 * The same boundaries as Keras' `adapt` on the same batches. Throws `GS_LAYER_ADAPT` for data that is none or holds numbers that are not finite.
 */
export async function adaptDiscretization(
  data: AdaptData,
  options: Omit<DiscretizationOptions, 'binBoundaries'> & { readonly numBins: number },
): Promise<Layer> {
  const where = 'layers/adaptDiscretization';
  discretization(options);
  const { numBins, epsilon = 0.01 } = options;
  let sketch: Sketch = EMPTY;
  for await (const { values } of hostBatches(where, data)) {
    if (!values.every((value: number) => Number.isFinite(value))) throw refused(where, 'numbers that are not finite');
    sketch = mergeSketches(sketchOf(values, epsilon), sketch, epsilon);
  }
  if (sketch.values.length === 0) throw refused(where, 'no numbers');
  return discretization({ ...options, binBoundaries: boundariesOf(sketch, numBins) });
}

function refused(where: string, received: string): GradstreamError {
  return new GradstreamError('GS_LAYER_ADAPT', {
    where,
    what: 'The data has no quantiles',
    expected: 'finite numbers',
    received,
    next: 'Leave out or fill in what is missing.',
  });
}
