import { foldIn, type RandomKey } from '@gradstream/core';
import { cast, type Tensor } from '@tensorflow/tfjs-core';
import type { CallContext, Layer, Mask } from '../layer.js';
import type { ModelNode, ModelResult, TensorRef } from '../model.js';
import { addPenalty } from './add-penalty.js';

/** Runs a model's graph: weights by path, inputs and masks in their order. */
export type GraphRunner = (
  weights: Readonly<Record<string, Tensor>>,
  inputs: readonly Tensor[],
  context: CallContext,
) => ModelResult;

/** Models inside models run with their masks; a layer's `call` has no place for them. */
const runners = new WeakMap<Layer, GraphRunner>();

/** Lets a model run as a part of another one. */
export function setRunner(model: Layer, runner: GraphRunner): void {
  runners.set(model, runner);
}

const NO_MASKS: readonly Mask[] = [];

/** Prepares a graph to be run. `weightNames` are the names of each node's weights in its layer. */
export function graphRunner(
  nodes: readonly ModelNode[],
  outputs: readonly TensorRef[],
  weightNames: readonly (readonly string[])[],
): GraphRunner {
  const places = nodes.map((node, index) => ({
    node,
    label: labelOf(nodes, index),
    paths: weightNames[index]!.map((name) => [name, `${node.name}/${name}`] as const),
  }));
  const keys = new WeakMap<RandomKey, readonly RandomKey[]>();
  const layerKeys = (key: RandomKey): readonly RandomKey[] => {
    const known = keys.get(key);
    if (known !== undefined) return known;
    const derived = places.map(({ label }) => foldIn(key, label));
    keys.set(key, derived);
    return derived;
  };

  return (weights, inputs, context) => {
    const results: ModelResult[] = [];
    const childKeys = layerKeys(context.key);
    const changed = new Map<string, Tensor>();
    const given: ModelResult = { outputs: inputs, masks: context.masks ?? NO_MASKS };
    places.forEach(({ node, label, paths }, index) => {
      const own: Record<string, Tensor> = {};
      for (const [name, path] of paths) own[name] = changed.get(path) ?? weights[path]!;
      const [ins, masks] = inputsOf(node, given, results);
      const child = childContext(context, node.name, childKeys[index]!, masks, (name, value) => {
        own[name] = value;
        changed.set(`${node.name}/${name}`, value);
      });
      const result = runLayer(node.layer, own, ins, child);
      addPenalty(node.layer, result.outputs, child);
      if (context.observe !== undefined)
        result.outputs.forEach((output, i) => context.observe!(i === 0 ? label : `${label}:output${i}`, output));
      results.push(result);
    });
    return {
      outputs: outputs.map((ref) => pick(ref, given.outputs, results)!),
      masks: outputs.map(({ node, output }) => (node < 0 ? given.masks[-1 - node] : results[node]!.masks[output])),
    };
  };
}

/** A node's name, with a number where its layer has been used before: random numbers and observations of each use are its own. */
function labelOf(nodes: readonly ModelNode[], index: number): string {
  const { name, layer } = nodes[index]!;
  const before = nodes.slice(0, index).filter((node) => node.layer === layer).length;
  return before === 0 ? name : `${name}:${before}`;
}

function inputsOf(
  node: ModelNode,
  given: ModelResult,
  results: readonly ModelResult[],
): [readonly Tensor[], readonly Mask[] | undefined] {
  const asFloat = (node.layer.inputDtype ?? 'float32') === 'float32';
  const ins = node.inputs.map((ref) => {
    const input = pick(ref, given.outputs, results)!;
    return asFloat && input.dtype !== 'float32' ? cast(input, 'float32') : input;
  });
  let masks: Mask[] | undefined;
  node.inputs.forEach(({ node: from, output }, index) => {
    const mask = from < 0 ? given.masks[-1 - from] : results[from]!.masks[output];
    if (mask !== undefined) (masks ??= Array.from<Mask>({ length: ins.length }))[index] = mask;
  });
  return [ins, masks];
}

function pick(
  { node, output }: TensorRef,
  inputs: readonly Tensor[],
  results: readonly ModelResult[],
): Tensor | undefined {
  return node < 0 ? inputs[-1 - node] : results[node]!.outputs[output];
}

function runLayer(
  layer: Layer,
  weights: Readonly<Record<string, Tensor>>,
  inputs: readonly Tensor[],
  context: CallContext,
): ModelResult {
  const runner = runners.get(layer);
  if (runner !== undefined) return runner(weights, inputs, context);
  const result = layer.call(weights, inputs, context);
  const outputs = Array.isArray(result) ? (result as readonly Tensor[]) : [result as Tensor];
  if (layer.computeMask === undefined) return { outputs, masks: NO_MASKS };
  const mask = layer.computeMask(inputs, context.masks ?? NO_MASKS);
  return { outputs, masks: Array.isArray(mask) ? (mask as readonly Mask[]) : [mask as Mask] };
}

/** The context of a layer inside a model: its own key and masks, its path in front of what goes up from below. */
function childContext(
  context: CallContext,
  name: string,
  key: RandomKey,
  masks: readonly Mask[] | undefined,
  remember: (weight: string, value: Tensor) => void,
): CallContext {
  const { training, step, observe, frozen, update, addLoss } = context;
  const child: { -readonly [Name in keyof CallContext]: CallContext[Name] } = { training, key, step };
  if (masks !== undefined) child.masks = masks;
  if (frozen !== undefined) child.frozen = (weight) => frozen(`${name}/${weight}`);
  if (update !== undefined) {
    child.update = (weight, value) => {
      remember(weight, value);
      update(`${name}/${weight}`, value);
    };
  }
  if (addLoss !== undefined) child.addLoss = addLoss;
  if (observe !== undefined) child.observe = (path, output) => observe(`${name}/${path}`, output);
  return child;
}
