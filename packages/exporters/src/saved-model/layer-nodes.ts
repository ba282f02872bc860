import { activationName } from '@gradstream/activations';
import { describeValue, GradstreamError, type HostArray } from '@gradstream/core';
import { DataType } from '@gradstream/formats/messages';
import type { Layer, Model, ModelNode, TensorRef } from '@gradstream/layers';
import { ACTIVATION_NODES, cast } from './activation-nodes.js';
import { boolAttribute, textAttribute, typeAttribute } from './attribute.js';
import type { GraphBuilder, Ref } from './graph-builder.js';

/** What a layer's nodes are made of, beside the graph. */
interface LayerPlace {
  readonly node: ModelNode;
  /** The layer's path in the model, without the graph's prefix. */
  readonly path: string;
  readonly weights: Readonly<Record<string, HostArray>>;
}

type LayerNodes = (graph: GraphBuilder, x: Ref, place: LayerPlace) => Ref;

/** Adds the nodes of a model, layer by layer, after its inputs. Returns its outputs. */
export function modelNodes(
  graph: GraphBuilder,
  model: Model,
  inputs: readonly Ref[],
  weights: Readonly<Record<string, HostArray>>,
  path = '',
): readonly Ref[] {
  const results: (readonly Ref[])[] = [];
  const at = ({ node, output }: TensorRef): Ref => (node < 0 ? inputs[-1 - node]! : results[node]![output]!);
  for (const node of model.nodes) {
    const ins = node.inputs.map(at);
    const inner = graph.within(node.name);
    const place = { node, path: `${path}${node.name}`, weights };
    results.push(
      isModel(node.layer)
        ? modelNodes(inner, node.layer, ins, weights, `${place.path}/`)
        : [layerNodes(inner, ins[0]!, place)],
    );
  }
  return model.outputs.map(({ from }) => at(from));
}

const isModel = (layer: Layer): layer is Model => Array.isArray((layer as Partial<Model>).nodes);

const LAYER_NODES: Readonly<Record<string, LayerNodes>> = {
  Activation: (graph, x, place) =>
    activationNodes(graph, asFloat(graph, x), place, place.node.inputShapes[0]!.at(-1) ?? null),
  Dense: denseNodes,
  Dropout: (_, x) => x,
  Flatten: flattenNodes,
};

function layerNodes(graph: GraphBuilder, x: Ref, place: LayerPlace): Ref {
  const { type } = place.node.layer;
  if (Object.hasOwn(LAYER_NODES, type)) return LAYER_NODES[type]!(graph, x, place);
  throw new GradstreamError('GS_EXPORT_LAYER', {
    where: `exporters/savedModel "${place.path}"`,
    what: 'The layer has no form as operations of TensorFlow here',
    expected: `one of ${Object.keys(LAYER_NODES).join(', ')}, or a model of these`,
    received: describeValue(type),
    next: 'Save the weights as safetensors, or replace the layer.',
  });
}

function denseNodes(graph: GraphBuilder, x: Ref, place: LayerPlace): Ref {
  const { path, node, weights } = place;
  const weight = (name: string): Ref => {
    const { values, shape } = weights[`${path}/${name}`]!;
    return graph.floats(values as Float32Array, shape, name);
  };
  const ins = [asFloat(graph, x), weight('kernel')];
  // More than one row an example: a product for each example, the kernel shared by all.
  let y =
    node.inputShapes[0]!.length === 2
      ? graph.op('MatMul', ins, { transpose_a: boolAttribute(false), transpose_b: boolAttribute(false) })
      : graph.op('BatchMatMulV2', ins, { adj_x: boolAttribute(false), adj_y: boolAttribute(false) });
  if (Object.hasOwn(weights, `${path}/bias`))
    y = graph.op('BiasAdd', [y, weight('bias')], { data_format: textAttribute('NHWC') });
  return activationNodes(graph, y, place, weights[`${path}/kernel`]!.shape[1]!);
}

function flattenNodes(graph: GraphBuilder, x: Ref, { node }: LayerPlace): Ref {
  const features = node.outputShape.at(-1)!;
  return graph.op('Reshape', [x, graph.integers([-1, features])], { Tshape: typeAttribute(DataType.DT_INT32) });
}

function activationNodes(graph: GraphBuilder, x: Ref, { node, path }: LayerPlace, width: number | null): Ref {
  const { activation } = node.layer;
  if (activation === undefined) return x;
  const name = activationName(activation);
  if (name === undefined || !Object.hasOwn(ACTIVATION_NODES, name))
    throw refused(path, name ?? describeValue(activation));
  return ACTIVATION_NODES[name]!(graph, x, width);
}

function asFloat(graph: GraphBuilder, x: Ref): Ref {
  return x.type === DataType.DT_FLOAT ? x : cast(graph, x);
}

function refused(path: string, received: string): GradstreamError {
  return new GradstreamError('GS_EXPORT_ACTIVATION', {
    where: `exporters/savedModel "${path}"`,
    what: 'The activation cannot be written as operations of TensorFlow',
    expected: 'one of the library by name, with its default options',
    received,
    next: 'Use a named activation, or save the weights as safetensors.',
  });
}
