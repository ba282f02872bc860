import { describeValue, GradstreamError } from '@gradstream/core';
import { transpose, type Tensor } from '@tensorflow/tfjs-core';
import { checkRank } from '../internal/shape-error.js';
import { checkLayerOptions, layerConfig, type LayerOptions } from '../layer-options.js';
import type { Layer, LayerBuild } from '../layer.js';

/** A layer that changes the order of an example's dimensions: `dims` counts from 1, the batch stays in front. `permute([2, 1])` makes `[batch, b, a]` of `[batch, a, b]`. */
export function permute(dims: readonly number[], options: LayerOptions = {}): Layer {
  const where = 'layers/permute';
  const common = checkLayerOptions(where, options);
  checkDims(where, dims);
  const order = [0, ...dims];
  return {
    type: 'Permute',
    ...common,
    inputDtype: 'any',
    build([inputShape], path): LayerBuild {
      checkRank(
        'permute',
        path,
        inputShape!,
        order.length,
        `${order.length} dimensions with the batch, as dims has ${dims.length}`,
      );
      return { outputShape: order.map((from) => inputShape![from]!), outputDtype: 'input', weights: [] };
    },
    call: (_, [x]): Tensor => transpose(x!, order),
    toConfig: () => layerConfig('Permute', common, { dims: [...dims] }),
  };
}

function checkDims(where: string, dims: unknown): void {
  const sorted = Array.isArray(dims) ? [...(dims as number[])].sort((a, b) => a - b) : [];
  if (sorted.length > 0 && sorted.every((dimension, index) => dimension === index + 1)) return;
  throw new GradstreamError('GS_OPTION_VALUE', {
    where,
    what: 'The dims are no order of dimensions',
    expected: 'each number from 1 to the number of dimensions once, without the batch',
    received: describeValue(dims),
    next: 'Say for each dimension of the output which one of the input it is, for example [2, 1].',
  });
}
