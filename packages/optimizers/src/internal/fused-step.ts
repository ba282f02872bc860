import {
  cast,
  engine,
  getBackend,
  getKernel,
  mul,
  type NamedAttrMap,
  type NamedTensorMap,
  type Tensor,
  type Variable,
} from '@tensorflow/tfjs-core';
import type { Finish, ScaledTensors, ScaledUpdate, Tensors } from '../gradient-transformation.js';
import { filled } from './filled.js';

/** The kernel that only scales, adds decayed weights, or accumulates momentum. */
export const SGD_KERNEL = 'GradstreamSgd';

/** True where the active backend has a kernel of this name. */
export function hasKernel(name: string): boolean {
  return (getKernel(name, getBackend()) as object | undefined) !== undefined;
}

/** Runs a kernel of several outputs by name. */
export function runKernel(
  name: string,
  inputs: Readonly<Record<string, Tensor | undefined>>,
  attributes: object,
): Tensor[] {
  const given: Record<string, Tensor> = {};
  for (const key in inputs) if (inputs[key] !== undefined) given[key] = inputs[key];
  return engine().runKernel<Tensor[]>(name, given, attributes as NamedAttrMap);
}

/** A step of an optimizer that the backend does in one call. */
interface FusedStep {
  readonly kernel: string;
  readonly attributes: Readonly<Record<string, number | boolean>>;
  readonly gradients: ScaledTensors;
  readonly params: Tensors;
  /** What is remembered of each weight, by name, in the order of the kernel's outputs. */
  readonly memory: Readonly<Record<string, Tensors>>;
  /** What is remembered of the steps, likewise. */
  readonly scalars?: Readonly<Record<string, Tensor>>;
  readonly finish?: Finish | undefined;
}

/**
 * All weights in one call, one pass over each: the same numbers as one kernel after another.
 *
 * Inputs: `gradient{i}`, `{memory}{i}`, `weight{i}` where it decays, the scalars, and `before`, `after`, `decay`. Outputs: for each weight the update and its
 * next memory, then the next scalars. The updates have no factor left; the state has the memory and the scalars under their names, scalars first. In place
 * there are inputs `target{i}` too and no outputs: the weights, the memory and the scalars themselves have changed.
 */
export function fusedStep(step: FusedStep): ScaledUpdate {
  const { kernel, attributes, gradients, params, finish } = step;
  const inPlace = finish?.inPlace === true;
  const { memory, scalars = {} } = inPlace ? unshared(step) : step;
  const names = Object.keys(memory);
  const paths = Object.keys(params);
  const decays = finish?.decay !== undefined;
  const inputs = inputsFor(params[paths[0]!], `${kernel} ${paths.length} ${names.length} ${inPlace} ${decays}`);
  Object.assign(inputs, scalars, { before: gradients.factor, after: finish?.factor, decay: finish?.decay });
  for (let index = 0; index < paths.length; index++) {
    const path = paths[index]!;
    const gradient = gradients.tensors[path]!;
    inputs[numbered('gradient', index)] = gradient.dtype === 'float32' ? gradient : cast(gradient, 'float32');
    for (const name of names) inputs[numbered(name, index)] = memory[name]![path]!;
    if (decays) inputs[numbered('weight', index)] = finish.decays?.(path) === false ? undefined : params[path]!;
    if (inPlace) inputs[numbered('target', index)] = params[path]!;
  }
  const outputs = engine().runKernel<Tensor[]>(kernel, inputs as NamedTensorMap, attributes as unknown as NamedAttrMap);
  if (inPlace) return { updates: { tensors: {} }, state: { ...scalars, ...memory }, applied: true };
  const width = names.length + 1;
  const column = (offset: number): Tensors =>
    Object.fromEntries(paths.map((path, index) => [path, outputs[index * width + offset]!]));
  return {
    updates: { tensors: column(0) },
    state: {
      ...Object.fromEntries(Object.keys(scalars).map((name, index) => [name, outputs[paths.length * width + index]!])),
      ...Object.fromEntries(names.map((name, index) => [name, column(index + 1)])),
    },
  };
}

const lastInputs = new WeakMap<Tensor, { readonly key: string; readonly inputs: Record<string, Tensor | undefined> }>();

/** The object that the step before was called with: to fill it anew takes a tenth of the time that making one of so many names does. */
function inputsFor(first: Tensor | undefined, key: string): Record<string, Tensor | undefined> {
  const inputs = {};
  // A record of the step would hold the object itself.
  if (first === undefined || engine().isTapeOn()) return inputs;
  const last = lastInputs.get(first);
  if (last?.key === key) return last.inputs;
  lastInputs.set(first, { key, inputs });
  return inputs;
}

const numberedNames: Record<string, string[]> = {};

/** A name with a number behind it. Kept: making texts anew for each weight in each step takes longer than a small weight's step. */
function numbered(name: string, index: number): string {
  const names = (numberedNames[name] ??= []);
  return (names[index] ??= `${name}${index}`);
}

/** Sees to it that nobody else looks at the data that a step is about to write over: where somebody does, the weight or the memory gets data of its own. */
function unshared({ params, memory, scalars = {} }: FusedStep): Required<Pick<FusedStep, 'memory' | 'scalars'>> {
  for (const path in params) {
    const variable = params[path] as Variable;
    if (isShared(variable)) variable.assign(copy(variable));
  }
  const own = (tensors: Tensors): Tensors => {
    if (!Object.values(tensors).some(isShared)) return tensors;
    return Object.fromEntries(
      Object.entries(tensors).map(([path, tensor]) => [path, isShared(tensor) ? copy(tensor) : tensor]),
    );
  };
  return {
    memory: Object.fromEntries(Object.entries(memory).map(([name, tensors]) => [name, own(tensors)])),
    scalars: own(scalars),
  };
}

const isShared = ({ dataId }: Tensor): boolean => engine().backend.refCount(dataId) !== 1;

/** Data of its own with the same bits: a clone would share it. */
const copy = (x: Tensor): Tensor => mul(x, filled(1));
