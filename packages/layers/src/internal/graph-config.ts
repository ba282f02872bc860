import type { Config, Json } from '@gradstream/core';
import type { TensorRef } from '../model.js';
import type { GraphParts } from './graph-parts.js';

/** A model as plain JSON: its inputs, each layer once, each use of a layer, and what the outputs are. Throws `GS_LAYER_CONFIG` for a part that no file can hold. */
export function graphConfig(parts: Omit<GraphParts, 'name'> & { readonly name: string | null }): Config {
  const { type, name, trainable, seed, inputs, nodes, outputs } = parts;
  const layers = [...new Map(nodes.map((node) => [node.layer, node])).values()];
  return {
    type,
    config: {
      name,
      trainable,
      seed,
      inputs: inputs.map((input) => ({ name: input.name, shape: input.shape, dtype: input.dtype })),
      layers: layers.map((node) => ({ name: node.name, layer: { ...node.layer.toConfig() } })),
      nodes: nodes.map((node) => ({ layer: node.name, inputs: node.inputs.map(reference) })),
      outputs: outputs.map((output) => ({ name: output.name, from: reference(output.from) })),
    },
  };
}

const reference = ({ node, output }: TensorRef): Json => [node, output];
