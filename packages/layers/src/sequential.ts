import {
  checkSeed,
  checkOptions,
  describeValue,
  GradstreamError,
  isGradstreamError,
  type Shape,
} from '@gradstream/core';
import type { InputLayer } from './core/input.js';
import { checkCall } from './internal/check-call.js';
import { graphModel } from './internal/graph-model.js';
import { nameLayers } from './internal/name-layers.js';
import { dtypesOf, shapesOf } from './internal/symbolic.js';
import { isLayer } from './internal/check-is-layer.js';
import { checkLayerOptions } from './layer-options.js';
import type { Layer } from './layer.js';
import type { Model, ModelInput, ModelNode } from './model.js';

/** Options of `sequential`. */
export interface SequentialOptions {
  readonly name?: string;
  /** What the weights are drawn from: an integer from 0 to 2^53 - 1. Default: a random one, which `model.seed` tells. */
  readonly seed?: number;
  /** Whether training changes the weights. Default true. */
  readonly trainable?: boolean;
}

/**
 * A model that is a chain of layers: each takes what the one before gives.
 *
 * The first layer is an `input(...)` or has the option `inputShape`. All shapes are checked now; the weights are drawn at their first use.
 * Throws `GS_MODEL_LAYERS` where the list cannot be a chain, `GS_MODEL_NAME` for a name used twice, and what the layers throw for shapes they cannot take.
 */
export function sequential(layers: readonly Layer[], options: SequentialOptions = {}): Model {
  checkOptions('layers/sequential', options, ['name', 'seed', 'trainable']);
  const { name: chosen, trainable } = checkLayerOptions('layers/sequential', {
    ...(options.name === undefined ? {} : { name: options.name }),
    ...(options.trainable === undefined ? {} : { trainable: options.trainable }),
  });
  const name = chosen ?? 'sequential';
  const where = `layers/sequential "${name}"`;
  const seed = checkSeed(where, options.seed) ?? Math.floor(Math.random() * 2 ** 32);
  checkLayers(where, layers);
  const { input, rest } = splitInput(where, layers);
  const names = nameLayers(where, rest);
  const nodes: ModelNode[] = [];
  rest.forEach((layer, index) => {
    const before = nodes.at(-1);
    const inputShape = before?.outputShape ?? input.shape;
    const inputDtype = before?.outputDtypes[0] ?? input.dtype;
    const built = inContext(names, index, () => {
      checkCall(
        names[index]!,
        layer,
        (before?.outputDtypes ?? [inputDtype]).map((dtype) => ({ dtype })),
      );
      return layer.build([inputShape], names[index]!, [inputDtype]);
    });
    nodes.push({
      layer,
      name: names[index]!,
      inputs: [{ node: index === 0 ? -1 : index - 1, output: 0 }],
      inputShapes: [inputShape],
      outputShape: built.outputShape,
      outputShapes: shapesOf(built),
      outputDtypes: dtypesOf(built, inputDtype),
    });
  });
  const last = nodes.at(-1)!;
  const outputs = last.outputShapes.map((shape, output) => ({
    name: output === 0 ? last.name : `${last.name}_${output}`,
    shape,
    dtype: last.outputDtypes[output]!,
    from: { node: nodes.length - 1, output },
  }));
  return graphModel({
    type: 'Sequential',
    name,
    named: chosen !== undefined,
    seed,
    trainable,
    inputs: [input],
    nodes,
    outputs,
  });
}

function checkLayers(where: string, layers: unknown): asserts layers is readonly Layer[] {
  const wrong = (what: string, received: string): GradstreamError =>
    new GradstreamError('GS_MODEL_LAYERS', {
      where,
      what,
      expected: 'a list of layers',
      received,
      next: 'Pass layers, for example [flatten({ inputShape: [28, 28] }), dense(10)].',
    });
  if (!Array.isArray(layers)) throw wrong('The layers are not a list', describeValue(layers));
  layers.forEach((layer: unknown, index) => {
    if (!isLayer(layer)) throw wrong(`Element ${index} is no layer`, describeValue(layer));
    if (layers.indexOf(layer) !== index)
      throw wrong(
        `Element ${index} is the same layer as element ${layers.indexOf(layer)}`,
        `${(layer as Layer).type} twice`,
      );
  });
}

/** The model's input and the layers that compute. */
function splitInput(where: string, layers: readonly Layer[]): { input: ModelInput; rest: readonly Layer[] } {
  const first = layers[0];
  const isInput = first?.type === 'InputLayer';
  const rest = isInput ? layers.slice(1) : layers;
  const shape: Shape | undefined = first?.inputShape;
  if (rest.length === 0 || rest.some(({ type }) => type === 'InputLayer')) {
    throw new GradstreamError('GS_MODEL_LAYERS', {
      where,
      what:
        rest.length === 0 ? 'There is no layer that computes anything' : 'There is an input in the middle of the chain',
      expected: 'at most one input, first, and at least one other layer',
      received: layers.length === 0 ? 'no layers' : layers.map(({ type }) => type).join(', '),
      next: rest.length === 0 ? 'Add a layer, for example dense(10).' : 'Leave the later inputs out.',
    });
  }
  if (shape === undefined) {
    throw new GradstreamError('GS_MODEL_INPUT_SHAPE', {
      where,
      what: 'The first layer does not say what it gets',
      expected: 'an input shape',
      received: `${first!.type} without one`,
      next: 'Put input({ shape: [28, 28] }) first, or give the first layer the option inputShape.',
    });
  }
  const name = (isInput ? first.name : undefined) ?? 'input';
  const dtype = first!.inputDtype === 'int32' ? 'int32' : 'float32';
  return { input: { name, shape: isInput ? (first as InputLayer).shape : [null, ...shape], dtype }, rest };
}

/** Adds the way through the model to an error of a layer. */
function inContext<T>(names: readonly string[], index: number, build: () => T): T {
  try {
    return build();
  } catch (error) {
    if (!isGradstreamError(error) || index === 0) throw error;
    const { code, where, what, expected, received, next } = error;
    throw new GradstreamError(code, {
      where: `${where}, after ${names.slice(Math.max(0, index - 3), index).join(' -> ')}`,
      what,
      expected,
      received,
      next,
      cause: error,
    });
  }
}
