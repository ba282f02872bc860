import { describeValue, GradstreamError, type Config, type Json } from '@gradstream/core';
import { input, type InputLayer } from '../core/input.js';
import { applyAll } from '../apply.js';
import { model } from '../functional-model.js';
import type { Layer } from '../layer.js';
import type { Model } from '../model.js';
import { sequential } from '../sequential.js';
import type { SymbolicTensor } from '../symbolic-tensor.js';

/** Makes a model of its config; `make` makes each layer of its own. Throws `GS_MODEL_CONFIG` for something that describes no graph. */
export function modelOfConfig(config: Config, make: (config: Config) => Layer): Model {
  const { type, name, trainable, seed, inputs, layers, nodes, outputs } = checkModelConfig(config);
  const made = new Map(layers.map(({ name: layerName, layer }) => [layerName, named(make(layer), layerName)]));
  const options = { ...(name === null ? {} : { name }), trainable, seed };
  const starts = inputs.map((given): InputLayer => {
    const [batch, ...shape] = given.shape;
    return input({ name: given.name, shape, dtype: given.dtype, ...(batch === null ? {} : { batchSize: batch! }) });
  });
  if (type === 'Sequential') return sequential([starts[0]!, ...made.values()], options);
  const results: (readonly SymbolicTensor[])[] = [];
  const tensorAt = ([node, output]: readonly [number, number], limit: number): SymbolicTensor => {
    const found = node < 0 ? starts[-1 - node] : node < limit ? results[node]?.[output] : undefined;
    if (found !== undefined) return found;
    throw refused(
      'A node takes an input that is not there before it',
      'the number of an input or of an earlier node',
      `[${node}, ${output}]`,
    );
  };
  nodes.forEach((node, index) => {
    const layer = made.get(node.layer);
    if (layer === undefined)
      throw refused('A node uses a layer that is not described', [...made.keys()].join(', '), node.layer);
    results.push(
      applyAll(
        layer,
        node.inputs.map((ref) => tensorAt(ref, index)),
      ),
    );
  });
  return model({
    ...options,
    inputs: starts,
    outputs: Object.fromEntries(outputs.map((output) => [output.name, tensorAt(output.from, nodes.length)])),
  });
}

/** A layer under the name that it has in the model. Models keep what belongs to them. */
function named(layer: Layer, name: string): Layer {
  return layer.name === name || 'nodes' in layer ? layer : { ...layer, name };
}

interface ModelConfig {
  readonly type: 'Sequential' | 'Functional';
  readonly name: string | null;
  readonly trainable: boolean;
  readonly seed: number;
  readonly inputs: readonly {
    readonly name: string;
    readonly shape: readonly (number | null)[];
    readonly dtype: 'float32' | 'int32';
  }[];
  readonly layers: readonly { readonly name: string; readonly layer: Config }[];
  readonly nodes: readonly { readonly layer: string; readonly inputs: readonly (readonly [number, number])[] }[];
  readonly outputs: readonly { readonly name: string; readonly from: readonly [number, number] }[];
}

function checkModelConfig(config: Config): ModelConfig {
  const { type, config: own } = config;
  const lists = ['inputs', 'layers', 'nodes', 'outputs'] as const;
  const records = (value: Json | undefined): boolean =>
    Array.isArray(value) &&
    value.every((entry) => typeof entry === 'object' && entry !== null && !Array.isArray(entry));
  const wrong = lists.find((name) => !records(own[name]));
  if (wrong !== undefined)
    throw refused(`The config's ${wrong} are not a list of objects`, lists.join(', '), describeValue(own[wrong]));
  const checked = { type, ...own } as unknown as ModelConfig;
  const isRef = (ref: unknown): boolean => Array.isArray(ref) && ref.length === 2 && ref.every(Number.isSafeInteger);
  const sound =
    checked.inputs.length > 0 &&
    checked.inputs.every(({ shape }) => Array.isArray(shape)) &&
    checked.layers.every(({ name }) => typeof name === 'string') &&
    checked.nodes.every(({ inputs }) => Array.isArray(inputs) && inputs.every(isRef)) &&
    checked.outputs.every(({ name, from }) => typeof name === 'string' && isRef(from));
  if (!sound)
    throw refused(
      'The config describes no graph',
      'inputs, layers, nodes and outputs as toConfig() writes them',
      'something else',
    );
  return checked;
}

function refused(what: string, expected: string, received: string): GradstreamError {
  return new GradstreamError('GS_MODEL_CONFIG', {
    where: 'layers/modelFromConfig',
    what,
    expected,
    received,
    next: 'Pass what toConfig() gave.',
  });
}
