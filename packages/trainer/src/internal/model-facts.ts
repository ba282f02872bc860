import { activationName } from '@gradstream/activations';
import type { LayerFacts, ModelFacts, WeightFacts } from '@gradstream/core';
import type { Layer, Model, TensorRef } from '@gradstream/layers';
import type { OutputGoal } from './output-goal.js';

/** A model as events describe it: layers in order with their activations and weights, outputs with their losses. Draws the weights where they are not yet. */
export function modelFacts(model: Model, goals: readonly OutputGoal[]): ModelFacts {
  const weights = model.weights.map(({ path, variable, trainable }) => ({ path, shape: variable.shape, trainable }));
  return {
    name: model.name,
    parameters: model.parameterCount.total,
    layers: layersOf(
      model,
      '',
      model.outputs.map(({ from }) => from),
      weights,
    ),
    outputs: goals.map(({ name, loss }, index) => ({
      name,
      layer: layerBehind(model, model.outputs[index]!.from, ''),
      loss: loss?.name ?? null,
    })),
  };
}

/** Layers under the names that observations have. Those of a model that is used twice are listed once: they are observed under one name. */
function layersOf(
  { nodes }: Model,
  prefix: string,
  outputs: readonly TensorRef[],
  weights: readonly WeightFacts[],
): LayerFacts[] {
  const ownWeights = (name: string): readonly WeightFacts[] =>
    weights.filter(({ path }) => path.startsWith(`${prefix}${name}/`));
  // What only gives the output another shape hands the title of an output on to the layer in front.
  const given = outputs.filter(({ node }) => node >= 0);
  for (const { node } of given) {
    const { layer, name, inputs } = nodes[node]!;
    if ('nodes' in layer || activationOf(layer) !== null || ownWeights(name).length > 0) continue;
    given.push(...inputs.filter((ref) => ref.node >= 0));
  }
  const uses = new Map<Layer, number>();
  const listed = new Set<Layer>();
  return nodes.flatMap(({ layer, name }, index): LayerFacts[] => {
    const outs = given.filter(({ node }) => node === index);
    if ('nodes' in layer) {
      if (listed.has(layer)) return [];
      listed.add(layer);
      const inside = layer as Model;
      const innerOutputs = outs.map(({ output }) => inside.outputs[output]!.from);
      return layersOf(inside, `${prefix}${name}/`, innerOutputs, weights);
    }
    const before = uses.get(layer) ?? 0;
    uses.set(layer, before + 1);
    return [
      {
        name: `${prefix}${name}${before === 0 ? '' : `:${before}`}`,
        type: layer.type,
        activation: activationOf(layer),
        output: outs.length > 0,
        weights: ownWeights(name),
      },
    ];
  });
}

function layerBehind({ nodes, inputs }: Model, { node, output }: TensorRef, prefix: string): string {
  if (node < 0) return inputs[-1 - node]!.name;
  const { layer, name } = nodes[node]!;
  if (!('nodes' in layer)) return `${prefix}${name}`;
  const inside = layer as Model;
  return layerBehind(inside, inside.outputs[output]!.from, `${prefix}${name}/`);
}

/** Layers that are an activation themselves, under the activation's name. */
const ACTIVATION_LAYERS: Readonly<Record<string, string>> = {
  ReLU: 'relu',
  LeakyReLU: 'leakyRelu',
  PReLU: 'prelu',
  ELU: 'elu',
  Softmax: 'softmax',
};

/** The name of a layer's activation. One with a slope below 0 is a leaky one, whatever it is called. */
function activationOf(layer: Layer): string | null {
  const { activation } = layer;
  const named = activation === undefined ? undefined : activationName(activation);
  if (named !== undefined) return named;
  const isOne = activation === undefined && Object.hasOwn(ACTIVATION_LAYERS, layer.type);
  const made = activation?.config ?? (isOne ? layer.toConfig() : undefined);
  if (made === undefined) return null;
  const name = ACTIVATION_LAYERS[made.type] ?? made.type;
  if (name !== 'relu' && name !== 'leakyRelu') return name;
  const slope = Number(made.config['negativeSlope'] ?? (name === 'relu' ? 0 : 1));
  return slope === 0 ? 'relu' : 'leakyRelu';
}
