import { checkSeed, checkOptions } from '@gradstream/core';
import { graphModel } from './internal/graph-model.js';
import { isModel } from './internal/is-model.js';
import { unnamedModels } from './internal/name-layers.js';
import type { Layer } from './layer.js';
import type { Model } from './model.js';

/** Options of `cloneModel`. */
export interface CloneOptions {
  /** What the clone's weights are drawn from. Default: the original's seed, which gives the original's first weights. */
  readonly seed?: number;
}

/**
 * A model of the same definition with weights of its own, newly drawn; models inside are cloned too. Its weights start trainable as the layers say. To carry the numbers over:
 * `clone.setWeights(await original.getWeights())`. Layers that are shared in the original are shared in the clone.
 */
export function cloneModel(original: Model, options: CloneOptions = {}): Model {
  checkOptions('layers/cloneModel', options, ['seed']);
  const seed = checkSeed('layers/cloneModel', options.seed) ?? original.seed;
  const clones = new Map<Layer, Layer>();
  const cloned = (layer: Layer): Layer => {
    if (!isModel(layer)) return layer;
    if (!clones.has(layer)) clones.set(layer, cloneModel(layer, options));
    return clones.get(layer)!;
  };
  const { type, name, inputs, outputs, trainable } = original;
  return graphModel({
    type: type as 'Sequential' | 'Functional',
    name,
    named: !unnamedModels.has(original),
    seed,
    trainable,
    inputs,
    outputs,
    nodes: original.nodes.map((node) => ({ ...node, layer: cloned(node.layer) })),
  });
}
