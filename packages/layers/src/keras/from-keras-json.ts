import { describeValue, type Json } from '@gradstream/core';
import { applyAll } from '../apply.js';
import { input, type InputLayer } from '../core/input.js';
import { model } from '../functional-model.js';
import { layerOfKeras } from '../internal/keras-layer.js';
import { isObject, kerasError, readList, readText, type JsonObject } from '../internal/keras-reading.js';
import { KerasGraph, withCalls } from '../internal/keras-graph.js';
import type { CustomParts } from '../layer-from-config.js';
import type { Layer } from '../layer.js';
import type { Model } from '../model.js';
import { sequential } from '../sequential.js';

/** How a model is made of Keras' JSON. */
export interface FromKerasOptions extends CustomParts {
  /** What the weights are drawn from. Default: a random one. */
  readonly seed?: number;
}

/**
 * A model from the JSON of Keras 3, text or parsed: `fromKerasJson(model.to_json())` with weights newly drawn. Layers keep their names.
 *
 * Nothing in the JSON is run. Throws `GS_KERAS_CONFIG` for anything that is no model of Keras 3, `GS_LAYER_UNKNOWN` for layers that are not here, and what
 * layers throw for options and shapes.
 *
 * A call's own `training` is passed over, as Keras passes it over in fit, evaluate and predict; `freeze` keeps a part from training, moving statistics included.
 */
export function fromKerasJson(json: string | object, options: FromKerasOptions = {}): Model {
  const { seed, ...custom } = options;
  const made = modelOfKeras(parsed(json), custom, seed === undefined ? {} : { seed });
  if ('nodes' in made) return made as Model;
  throw kerasError('This is no model', 'a Sequential or Functional', made.type);
}

const LARGEST = 1e8;

function parsed(json: string | object): unknown {
  if (typeof json !== 'string') return json;
  if (json.length > LARGEST)
    throw kerasError('The text is too long', `at most ${LARGEST} characters`, String(json.length));
  try {
    return JSON.parse(json) as unknown;
  } catch (error) {
    throw kerasError(
      'The text is no JSON',
      'what model.to_json() gives',
      error instanceof Error ? error.message : '',
      error,
    );
  }
}

/** A layer or a model. */
function modelOfKeras(json: unknown, custom: CustomParts, options: { readonly seed?: number }, depth = 0): Layer {
  if (depth > 32) throw kerasError('Models lie too deep inside each other', 'at most 32 levels', 'more');
  if (!isObject(json))
    throw kerasError('This is no part of a model', 'an object with class_name and config', describeValue(json));
  const kind = readText(json, 'class_name');
  const inner = (part: unknown): Layer => modelOfKeras(part, custom, options, depth + 1);
  if (kind === 'Sequential') return sequentialOf(configOf(json), inner, options);
  if (kind === 'Functional' || kind === 'Model') return functionalOf(configOf(json), inner, options);
  return layerOfKeras(json, custom);
}

function configOf(json: JsonObject): JsonObject {
  if (isObject(json.config)) return json.config;
  throw kerasError('A model has no config', 'an object under "config"', describeValue(json.config));
}

function sequentialOf(config: JsonObject, inner: (part: unknown) => Layer, options: { readonly seed?: number }): Model {
  const layers = readList(config, 'layers').map((part) => (isInput(part) ? inputOf(part) : inner(part)));
  if (layers[0] !== undefined && layers[0].type !== 'InputLayer' && Array.isArray(config.build_input_shape)) {
    layers.unshift(inputFrom('input', config.build_input_shape, 'float32'));
  }
  return sequential(layers, { ...options, name: readText(config, 'name'), ...trainableOf(config) });
}

function functionalOf(config: JsonObject, inner: (part: unknown) => Layer, options: { readonly seed?: number }): Model {
  const parts = readList(config, 'layers');
  const graph = new KerasGraph(new Set(parts.filter(isOperation).map((part) => readText(part, 'name'))));
  for (const part of parts) {
    if (isOperation(part)) continue;
    if (!isObject(part)) throw kerasError('A layer is no object', 'an object with class_name', describeValue(part));
    const name = readText(part, 'name');
    if (isInput(part)) graph.addInput(name, inputOf(part, name));
    else {
      const calls = readList(part, 'inbound_nodes');
      graph.addLayer(name, inner(withCalls(name, part, calls)), calls);
    }
  }
  graph.connect((layer, inputs) => applyAll(layer, inputs));
  const inputs = graph.tensors(config.input_layers ?? null, 'input_layers');
  const outputs = graph.tensors(config.output_layers ?? null, 'output_layers');
  return model({ ...options, name: readText(config, 'name'), ...trainableOf(config), inputs, outputs });
}

/** True for a plain operation: Keras lists those that compute masks among the layers. */
const isOperation = (part: Json): part is JsonObject =>
  isObject(part) && typeof part.module === 'string' && part.module.startsWith('keras.src.ops.');

const isInput = (part: unknown): part is JsonObject => isObject(part) && part.class_name === 'InputLayer';

function inputOf(part: JsonObject, given?: string): InputLayer {
  const config = configOf(part);
  const name = given ?? readText(config, 'name');
  for (const option of ['sparse', 'ragged', 'optional']) {
    if (config[option] === true)
      throw kerasError(`The input "${name}" is ${option}`, 'an input of plain tensors', option);
  }
  const shape = config.batch_shape ?? config.batch_input_shape;
  if (!Array.isArray(shape) || shape.length === 0)
    throw kerasError(`The input "${name}" has no shape`, 'a list under "batch_shape"', describeValue(shape));
  return inputFrom(name, shape, config.dtype ?? 'float32');
}

function inputFrom(name: string, [batch, ...shape]: readonly Json[], dtype: Json): InputLayer {
  if (typeof dtype !== 'string' || !['float32', 'int32', 'int64', 'uint8', 'bool'].includes(dtype))
    throw kerasError(
      `The input "${name}" is made of something that tensors here cannot hold`,
      'float32 or whole numbers',
      describeValue(dtype),
    );
  return input({
    name,
    shape: shape as number[],
    dtype: dtype === 'float32' ? 'float32' : 'int32',
    ...(typeof batch === 'number' ? { batchSize: batch } : {}),
  });
}

function trainableOf({ trainable }: JsonObject): { readonly trainable?: boolean } {
  return trainable === false ? { trainable } : {};
}
