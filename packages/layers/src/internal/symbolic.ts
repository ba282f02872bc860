import { GradstreamError, isGradstreamError, describeValue, type Shape } from '@gradstream/core';
import type { Layer, LayerBuild, LayerDtype } from '../layer.js';
import type { PipeStep, SymbolicTensor } from '../symbolic-tensor.js';
import { checkIsLayer } from './check-is-layer.js';
import { checkCall } from './check-call.js';
import { snakeCase } from './name-layers.js';

/** One use of a layer while a model is defined. Numbers grow in the order of definition, so that inputs come before outputs. */
export interface Application {
  readonly number: number;
  readonly layer: Layer;
  readonly inputs: readonly SymbolicTensor[];
  readonly outputs: readonly SymbolicTensor[];
}

/** Where a symbolic tensor comes from; inputs come from nowhere. */
export interface Origin {
  readonly application: Application;
  readonly output: number;
}

const origins = new WeakMap<SymbolicTensor, Origin | 'input'>();
let applications = 0;

/** What a symbolic tensor comes from; undefined for something that is none. */
export function originOf(tensor: SymbolicTensor): Origin | 'input' | undefined {
  return origins.get(tensor);
}

/** Makes an object a symbolic tensor that is an input. */
export function markInput(tensor: SymbolicTensor): void {
  origins.set(tensor, 'input');
}

/** The `pipe` of a symbolic tensor. */
export function pipeFrom(start: SymbolicTensor, steps: readonly PipeStep[]): SymbolicTensor {
  let current = start;
  for (const step of steps) {
    current =
      typeof step === 'function' ? checkTensor('layers/pipe', step(current)) : one(step, applied(step, [current]));
  }
  return current;
}

/** Applies a layer: checks its inputs, asks it for its outputs' shapes. */
export function applied(layer: Layer, inputs: readonly SymbolicTensor[]): readonly SymbolicTensor[] {
  checkIsLayer('layers/apply', layer);
  inputs.forEach((tensor) => checkTensor('layers/apply', tensor));
  const name = layer.name ?? snakeCase(layer.type);
  const built = onTheWay(inputs, () => {
    checkCall(name, layer, inputs);
    return layer.build(
      inputs.map(({ shape }) => shape),
      name,
      inputs.map(({ dtype }) => dtype),
    );
  });
  const outputs: SymbolicTensor[] = [];
  const application: Application = { number: applications++, layer, inputs, outputs };
  const dtypes = dtypesOf(built, inputs[0]?.dtype);
  shapesOf(built).forEach((shape, output) => {
    const tensor: SymbolicTensor = {
      shape,
      dtype: dtypes[output]!,
      pipe: (...steps) => pipeFrom(tensor, steps),
    };
    origins.set(tensor, { application, output });
    outputs.push(tensor);
  });
  return outputs;
}

/** The only output. Throws `GS_LAYER_OUTPUTS` where there are several. */
export function one(layer: Layer, outputs: readonly SymbolicTensor[]): SymbolicTensor {
  if (outputs.length === 1) return outputs[0]!;
  throw new GradstreamError('GS_LAYER_OUTPUTS', {
    where: `layers/apply "${layer.name ?? snakeCase(layer.type)}"`,
    what: 'The layer has several outputs',
    expected: 'a layer with one output',
    received: `${outputs.length} outputs`,
    next: 'Use applyAll(layer, inputs), which gives all of them.',
  });
}

/** The shapes of all outputs. */
export function shapesOf({ outputShape, outputShapes }: LayerBuild): readonly Shape[] {
  return outputShapes ?? [outputShape];
}

/** What the outputs are made of, one by one. */
export function dtypesOf(built: LayerBuild, first: LayerDtype | undefined): readonly LayerDtype[] {
  const { outputDtype = 'float32' } = built;
  if (typeof outputDtype !== 'string') return outputDtype;
  return shapesOf(built).map(() => (outputDtype === 'input' ? (first ?? 'float32') : outputDtype));
}

/** Throws `GS_MODEL_TENSOR` unless the value is a symbolic tensor. */
export function checkTensor(where: string, tensor: SymbolicTensor): SymbolicTensor {
  if (typeof tensor === 'object' && tensor !== null && origins.has(tensor)) return tensor;
  throw new GradstreamError('GS_MODEL_TENSOR', {
    where,
    what: 'This is no symbolic tensor',
    expected: 'an input(...) or what a layer made of one',
    received: describeValue(tensor),
    next: 'Start from input({ shape }) and send it through layers with pipe or apply.',
  });
}

/** The names of the layers that led to a tensor, the nearest last; at most `count`. */
export function wayTo(tensor: SymbolicTensor, count = 3): string[] {
  const names: string[] = [];
  let current: SymbolicTensor | undefined = tensor;
  while (current !== undefined && names.length < count) {
    const origin = origins.get(current);
    if (origin === 'input' || origin === undefined) {
      names.unshift((current as { readonly name?: string }).name ?? 'input');
      break;
    }
    const { layer, inputs } = origin.application;
    names.unshift(layer.name ?? snakeCase(layer.type));
    current = inputs[0];
  }
  return names;
}

/** Adds the way through the model to an error of a layer. */
function onTheWay<T>(inputs: readonly SymbolicTensor[], build: () => T): T {
  try {
    return build();
  } catch (error) {
    if (!isGradstreamError(error)) throw error;
    const { code, where, what, expected, received, next } = error;
    const ways = inputs.map((tensor) => wayTo(tensor).join(' -> ')).join(' and ');
    throw new GradstreamError(code, {
      where: `${where}, after ${ways}`,
      what,
      expected,
      received,
      next,
      cause: error,
    });
  }
}
