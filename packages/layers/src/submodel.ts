import { GradstreamError } from '@gradstream/core';
import { graphModel } from './internal/graph-model.js';
import type { Model, ModelNode, TensorRef } from './model.js';

/** Options of `submodel`. */
export interface SubmodelOptions {
  /** The layers whose outputs the new model gives: one name or several. */
  readonly outputs: string | readonly string[];
  /** Default: the name of the whole, with `_part`. */
  readonly name?: string;
}

/**
 * A part of a model, from its inputs to the outputs of some of its layers, with the same weights: what one trains, the other has. For features and for
 * looking inside.
 *
 * Of a layer that is used several times, the last use counts. Throws `GS_MODEL_LAYER` for a name that the model has no layer of.
 */
export function submodel(whole: Model, { outputs, name = `${whole.name}_part` }: SubmodelOptions): Model {
  const wanted = typeof outputs === 'string' ? [outputs] : outputs;
  const ends = wanted.map((layer) => {
    whole.layer(layer);
    return whole.nodes.findLastIndex((node) => node.name === layer);
  });
  if (ends.length === 0) {
    throw new GradstreamError('GS_MODEL_LAYER', {
      where: `layers/submodel "${name}"`,
      what: 'No output is named',
      expected: `one of ${whole.nodes.map((node) => node.name).join(', ')}`,
      received: 'an empty list',
      next: 'Name the layers whose outputs you want.',
    });
  }
  const { kept, usedInputs } = needed(whole.nodes, ends);
  const renumber = ({ node, output }: TensorRef): TensorRef => ({
    node: node < 0 ? -1 - usedInputs.indexOf(-1 - node) : kept.indexOf(node),
    output,
  });
  const nodes = kept.map((index) => ({ ...whole.nodes[index]!, inputs: whole.nodes[index]!.inputs.map(renumber) }));
  return graphModel({
    type: 'Functional',
    name,
    named: true,
    seed: whole.seed,
    trainable: whole.trainable,
    inputs: usedInputs.map((index) => whole.inputs[index]!),
    nodes,
    outputs: ends.flatMap((end, position) =>
      whole.nodes[end]!.outputShapes.map((shape, output) => ({
        name: output === 0 ? wanted[position]! : `${wanted[position]!}_${output}`,
        shape,
        dtype: whole.nodes[end]!.outputDtypes[output]!,
        from: { node: kept.indexOf(end), output },
      })),
    ),
    weightsOf: whole,
  });
}

/** The nodes and inputs that some nodes are computed from, in order. */
function needed(
  nodes: readonly ModelNode[],
  ends: readonly number[],
): { readonly kept: readonly number[]; readonly usedInputs: readonly number[] } {
  const kept = new Set<number>();
  const inputs = new Set<number>();
  const open = [...ends];
  while (open.length > 0) {
    const index = open.pop()!;
    if (kept.has(index)) continue;
    kept.add(index);
    for (const { node } of nodes[index]!.inputs) {
      if (node < 0) inputs.add(-1 - node);
      else open.push(node);
    }
  }
  const ascending = (a: number, b: number): number => a - b;
  return { kept: [...kept].sort(ascending), usedInputs: [...inputs].sort(ascending) };
}
