import type { Config, Shape } from '@gradstream/core';
import { add, gather, mul, reshape, sub, type Tensor } from '@tensorflow/tfjs-core';
import { layerConfig } from '../../layer-options.js';
import type { Layer, LayerBuild } from '../../layer.js';
import { drawsOf, type Draws } from '../draws.js';
import { shapeError } from '../shape-error.js';
import { checkImages, type ImageSetup } from './image-layer.js';
import { permutation } from './mixing-weights.js';

/** What becomes of images that are mixed with others: the new ones, and the share of their own labels `[batch]`. */
export interface Mixed {
  readonly images: Tensor;
  readonly share: Tensor;
}

/** A layer that mixes each image with another of the batch, and the labels `[batch, classes]`, a second input, in the same shares. */
export function mixingLayer(
  type: string,
  { name, common, keys, seed }: ImageSetup,
  config: Config['config'],
  mix: (images: Tensor, others: Tensor, draws: Draws) => Mixed,
): Layer {
  return {
    type,
    ...common,
    inputCount: [1, 2],
    build([images, labels], path): LayerBuild {
      checkImages(name, path, images!);
      if (labels === undefined) return { outputShape: images!, weights: [] };
      checkLabels(name, path, labels);
      return { outputShape: images!, outputShapes: [images!, labels], weights: [] };
    },
    call(_, [images, labels], context): readonly Tensor[] {
      if (!context.training) return labels === undefined ? [images!] : [images!, labels];
      const draws = drawsOf(context, seed);
      const order = permutation(draws, images!.shape[0]!);
      const mixed = mix(images!, gather(images!, order), draws);
      if (labels === undefined) return [mixed.images];
      return [mixed.images, blend(labels, gather(labels, order), reshape(mixed.share, [-1, 1]))];
    },
    toConfig: () => layerConfig(type, common, { ...keys, ...config }),
  };
}

/** A share of one and the rest of the other. */
export function blend(own: Tensor, other: Tensor, share: Tensor): Tensor {
  return add(mul(share, own), mul(sub(1, share), other));
}

function checkLabels(name: string, path: string, labels: Shape): void {
  if (labels.length === 2) return;
  throw shapeError(
    name,
    path,
    'The labels cannot be mixed',
    'shares of classes [batch, classes]',
    labels,
    'Write the numbers of classes as vectors first, for example with categoryEncoding(classes, { outputMode: "oneHot" }).',
  );
}
