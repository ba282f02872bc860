import { checkSeed, checkOptions } from '@gradstream/core';
import { graphModel } from './internal/graph-model.js';
import { namedTensors } from './internal/named-tensors.js';
import { traceGraph } from './internal/trace-graph.js';
import { checkLayerOptions } from './layer-options.js';
import type { Model } from './model.js';
import type { SymbolicTensor } from './symbolic-tensor.js';

/** Inputs or outputs of a model: one tensor, several, or several with names of one's own. */
export type ModelTensors = SymbolicTensor | readonly SymbolicTensor[] | Readonly<Record<string, SymbolicTensor>>;

/** What `model` makes a model of. */
export interface ModelOptions {
  /** What data comes in at. A tensor inside another graph can be one too: the new model starts there. */
  readonly inputs: ModelTensors;
  readonly outputs: ModelTensors;
  readonly name?: string;
  /** What the weights are drawn from: an integer from 0 to 2^53 - 1. Default: a random one, which `model.seed` tells. */
  readonly seed?: number;
  /** Whether training changes the weights. Default true. */
  readonly trainable?: boolean;
}

/**
 * A model that is a graph of layers: branches, shared layers, several inputs and outputs.
 *
 * ```
 * const wide = input({ shape: [5] });
 * const deep = wide.pipe(dense(30, { activation: 'relu' }), dense(30, { activation: 'relu' }));
 * const net = model({ inputs: wide, outputs: concatenate([wide, deep]).pipe(dense(1)) });
 * ```
 *
 * Inputs have the names of `input({ name })` or of the record; outputs have the names of their layers or of the record.
 * Throws `GS_MODEL_DISCONNECTED` where an output needs something that is no input, `GS_MODEL_INPUT_UNUSED` for an input that no output needs, `GS_MODEL_NAME` for
 * a name used twice, `GS_MODEL_SHARED` where a shared layer does not fit all its uses, `GS_MODEL_TENSOR` for what is no symbolic tensor.
 */
export function model(options: ModelOptions): Model {
  checkOptions('layers/model', options, ['inputs', 'outputs', 'name', 'seed', 'trainable']);
  const { name: chosen, trainable } = checkLayerOptions('layers/model', {
    ...(options.name === undefined ? {} : { name: options.name }),
    ...(options.trainable === undefined ? {} : { trainable: options.trainable }),
  });
  const name = chosen ?? 'functional';
  const where = `layers/model "${name}"`;
  const seed = checkSeed(where, options.seed) ?? Math.floor(Math.random() * 2 ** 32);
  const inputs = namedTensors(where, 'inputs', options.inputs);
  const outputs = namedTensors(where, 'outputs', options.outputs);
  return graphModel({
    type: 'Functional',
    name,
    named: chosen !== undefined,
    seed,
    trainable,
    ...traceGraph(where, inputs, outputs),
  });
}
