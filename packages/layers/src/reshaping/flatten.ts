import { describeShape, GradstreamError } from '@gradstream/core';
import { view } from '@gradstream/autodiff';
import type { Tensor } from '@tensorflow/tfjs-core';
import { checkChannelsLast } from '../internal/amounts.js';
import type { SpatialOptions } from '../internal/cropping.js';
import { checkLayerOptions, layerConfig } from '../layer-options.js';
import type { Layer, LayerBuild } from '../layer.js';

/** A layer that makes one row of each example: `[batch, a, b, ...]` in, `[batch, a * b * ...]` out, in row-major order; `[batch]` becomes `[batch, 1]`. */
export function flatten(options: SpatialOptions = {}): Layer {
  const common = checkLayerOptions('layers/flatten', options, ['dataFormat']);
  const dataFormat = checkChannelsLast('layers/flatten', options.dataFormat);
  return {
    type: 'Flatten',
    ...common,
    inputDtype: 'any',
    build([inputShape], path): LayerBuild {
      let features = 1;
      for (const size of inputShape!.slice(1)) {
        if (size === null) {
          throw new GradstreamError('GS_LAYER_SHAPE', {
            where: `layers/flatten "${path}"`,
            what: 'The input has a dimension whose size is not known',
            expected: 'known sizes after the batch',
            received: describeShape(inputShape!),
            next: 'Give every dimension of the input shape a size.',
          });
        }
        features *= size;
      }
      return { outputShape: [inputShape![0] ?? null, features], outputDtype: 'input', weights: [] };
    },
    call(_, [x]): Tensor {
      const [batch = 1, ...rest] = x!.shape;
      return rest.length === 1 ? x! : view(x!, [batch, rest.reduce((a, b) => a * b, 1)]);
    },
    toConfig: () => layerConfig('Flatten', common, { dataFormat }),
  };
}
