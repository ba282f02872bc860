import { sizeOf } from '@gradstream/core';
import { gather, matMul, reshape, tensor, type Tensor } from '@tensorflow/tfjs-core';
import type { SpatialRank } from '../convolution/convolution-options.js';
import { checkLayerOptions, layerConfig } from '../layer-options.js';
import type { Layer, LayerBuild } from '../layer.js';
import { averagingMatrix, windowElements } from './adaptive-windows.js';
import { checkChannelsLast, eachSize } from './amounts.js';
import type { SpatialOptions } from './cropping.js';
import { poolWindows, type Pooled } from './pool-windows.js';
import { checkRank } from './shape-error.js';
import { SPATIAL_FORMS } from './spatial-forms.js';

/** A layer that pools as many windows as it is told, in `rank` spatial dimensions. */
export function adaptivePooling(rank: SpatialRank, kind: Pooled, outputSize: unknown, options: SpatialOptions): Layer {
  const kindName = kind === 'max' ? 'Max' : 'Average';
  const name = `adaptive${kindName}Pooling${rank}d`;
  const where = `layers/${name}`;
  const common = checkLayerOptions(where, options, ['dataFormat']);
  const counts = eachSize(where, 'outputSize', outputSize, rank);
  const dataFormat = checkChannelsLast(where, options.dataFormat);
  const type = `Adaptive${kindName}Pooling${rank}D`;
  return {
    type,
    ...common,
    build([inputShape], path): LayerBuild {
      checkRank(name, path, inputShape!, rank + 2, SPATIAL_FORMS[rank]);
      return { outputShape: [inputShape![0]!, ...counts, inputShape!.at(-1)!], weights: [] };
    },
    call: (_, [x]): Tensor => (kind === 'max' ? largest : averages)(x!, counts),
    toConfig: () => layerConfig(type, common, { outputSize: [...counts], dataFormat }),
  };
}

/** Averages are products with a matrix for each dimension; plain windows where all are of one size. */
function averages(x: Tensor, counts: readonly number[]): Tensor {
  if (counts.every((count, index) => x.shape[index + 1]! % count === 0)) return evenWindows(x, 'average', counts);
  return counts.reduce((y, count, index) => {
    const axis = index + 1;
    const size = y.shape[axis]!;
    if (size === count) return y;
    const matrix = tensor(averagingMatrix(size, count), [1, count, size]);
    const product = matMul(matrix, reshape(y, [sizeOf(y.shape.slice(0, axis)), size, sizeOf(y.shape.slice(axis + 1))]));
    return reshape(product, [...y.shape.slice(0, axis), count, ...y.shape.slice(axis + 1)]);
  }, x);
}

/** Windows of different lengths are laid side by side with their last elements repeated, which changes no maximum. */
function largest(x: Tensor, counts: readonly number[]): Tensor {
  const laid = counts.reduce((y, count, index) => {
    const size = y.shape[index + 1]!;
    return size % count === 0 ? y : gather(y, tensor(windowElements(size, count)), index + 1);
  }, x);
  return evenWindows(laid, 'max', counts);
}

function evenWindows(x: Tensor, kind: Pooled, counts: readonly number[]): Tensor {
  const sizes = counts.map((count, index) => x.shape[index + 1]! / count);
  return poolWindows(x, kind, { sizes, strides: sizes, padding: 'valid' });
}
