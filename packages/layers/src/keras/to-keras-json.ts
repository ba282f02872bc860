import { GradstreamError, toKerasConfig, type Config, type Json } from '@gradstream/core';
import { isModel } from '../internal/is-model.js';
import { KERAS_CALLS, saidAtCall } from '../internal/keras-calls.js';
import { LAYER_TABLES } from '../internal/keras-tables.js';
import type { Layer } from '../layer.js';
import type { Model, ModelNode, TensorRef } from '../model.js';

type JsonObject = { readonly [key: string]: Json };

/**
 * A model's definition as the JSON that Keras 3 reads: `keras.models.model_from_json(JSON.stringify(toKerasJson(model)))`. Weights do not travel in it.
 *
 * Throws `GS_LAYER_CONFIG` for parts that are functions and `GS_KERAS_CONFIG` for layers of one's own: Keras has no class for them.
 */
export function toKerasJson(model: Model): JsonObject {
  return model.type === 'Sequential' ? sequentialJson(model) : functionalJson(model);
}

function sequentialJson(model: Model): JsonObject {
  const [input] = model.inputs;
  return {
    module: 'keras',
    class_name: 'Sequential',
    config: {
      name: model.name,
      trainable: model.trainable,
      dtype: 'float32',
      layers: [inputJson(input!), ...model.nodes.map((node) => layerJson(node.layer, node.name))],
      build_input_shape: input!.shape,
    },
    registered_name: null,
    build_config: { input_shape: input!.shape },
  };
}

function functionalJson(model: Model): JsonObject {
  const uses = new Map<Layer, number[]>();
  model.nodes.forEach((node, index) => uses.set(node.layer, [...(uses.get(node.layer) ?? []), index]));
  const tensor = ({ node, output }: TensorRef): JsonObject => {
    const place = node < 0 ? undefined : model.nodes[node]!;
    const { name, shape, dtype } =
      place === undefined
        ? model.inputs[-1 - node]!
        : { name: place.name, shape: place.outputShapes[output]!, dtype: place.outputDtypes[output]! };
    const use = place === undefined ? 0 : uses.get(place.layer)!.indexOf(node);
    return { class_name: '__keras_tensor__', config: { shape, dtype, keras_history: [name, use, output] } };
  };
  const history = (ref: TensorRef): Json => (tensor(ref).config as JsonObject).keras_history!;
  const layers = [...uses].map(([layer, indices]) => {
    const { name } = model.nodes[indices[0]!]!;
    return {
      ...layerJson(layer, name),
      name,
      inbound_nodes: indices.map((index) => callJson(model.nodes[index]!, tensor)),
    };
  });
  const outputs = model.outputs.map(({ name, from }) => [name, history(from)] as const);
  return {
    module: 'keras.src.models.functional',
    class_name: 'Functional',
    config: {
      name: model.name,
      trainable: model.trainable,
      layers: [
        ...model.inputs.map((input) => ({ ...inputJson(input), name: input.name, inbound_nodes: [] })),
        ...layers,
      ],
      input_layers: model.inputs.map(({ name }) => [name, 0, 0]),
      // Names of one's own for outputs make a record in Keras; layers' names a list.
      output_layers: model.outputs.every(({ name, from }) => from.node >= 0 && name === model.nodes[from.node]!.name)
        ? outputs.map(([, from]) => from)
        : Object.fromEntries(outputs),
    },
    registered_name: 'Functional',
    build_config: { input_shape: null },
  };
}

function inputJson({ name, shape, dtype }: Model['inputs'][number]): JsonObject {
  return {
    module: 'keras.layers',
    class_name: 'InputLayer',
    config: { batch_shape: shape, dtype, sparse: false, ragged: false, name },
    registered_name: null,
  };
}

function layerJson(layer: Layer, name: string): JsonObject {
  if (isModel(layer)) {
    const json = toKerasJson(layer);
    return { ...json, config: { ...(json.config as JsonObject), name } };
  }
  const json = toKerasConfig(namedConfig(layer.toConfig(), name), 'keras.layers', LAYER_TABLES);
  const said = saidAtCall(layer.type);
  const own = Object.entries(json.config).filter(([key]) => !said.includes(key));
  return { ...json, config: { ...Object.fromEntries(own), dtype: 'float32' } } as unknown as JsonObject;
}

const namedConfig = ({ type, config }: Config, name: string): Config => ({ type, config: { ...config, name } });

function callJson({ layer, inputs }: ModelNode, tensor: (ref: TensorRef) => JsonObject): JsonObject {
  const tensors = inputs.map(tensor);
  const call = KERAS_CALLS[layer.type];
  const kwargs: Record<string, Json> = {};
  if (call !== undefined) {
    const options = toKerasConfig(layer.toConfig(), 'keras.layers', LAYER_TABLES).config as JsonObject;
    for (const name of call.said ?? []) if (options[name] === true) kwargs[name] = true;
    if (call.last !== undefined && options[call.last] === true) kwargs[call.last] = tensors.pop()!;
    if (call.ofFractions !== undefined && (tensors[0]!.config as JsonObject).dtype === 'float32')
      kwargs[call.ofFractions] = true;
  }
  if (call?.list === true || (isModel(layer) && tensors.length > 1)) return { args: [tensors], kwargs };
  if (tensors.length === 1) return { args: tensors, kwargs };
  if (call === undefined) {
    throw new GradstreamError('GS_KERAS_CONFIG', {
      where: `layers/toKerasJson "${layer.name ?? layer.type}"`,
      what: 'Keras has no call of this layer with several inputs',
      expected: Object.keys(KERAS_CALLS).join(', '),
      received: layer.type,
      next: 'Use layers of the library.',
    });
  }
  const { positional = tensors.length, named = [], rest } = call;
  const more = tensors.slice(positional);
  if (rest === undefined) more.forEach((one, index) => void (kwargs[named[index]!] = one));
  else kwargs[rest] = more;
  return { args: tensors.slice(0, positional), kwargs };
}
