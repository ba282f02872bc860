import { GradstreamError } from '@gradstream/core';
import type { ModelInput, ModelNode, ModelOutput, TensorRef } from '../model.js';
import type { SymbolicTensor } from '../symbolic-tensor.js';
import { nameLayers } from './name-layers.js';
import type { NamedTensor } from './named-tensors.js';
import { originOf, wayTo, type Application } from './symbolic.js';

/** The part of a graph between inputs and outputs. */
export interface TracedGraph {
  readonly inputs: readonly ModelInput[];
  readonly nodes: readonly ModelNode[];
  readonly outputs: readonly ModelOutput[];
}

/** Follows outputs back to inputs. Nodes come in the order in which they were defined. */
export function traceGraph(
  where: string,
  inputs: readonly NamedTensor[],
  outputs: readonly NamedTensor[],
): TracedGraph {
  const starts = new Map(inputs.map(({ tensor }, index) => [tensor, index]));
  if (starts.size < inputs.length) throw twice(where, 'One tensor is given as two inputs', 'inputs that differ');
  const { applications, used } = reached(where, starts, outputs);
  const unused = inputs.findIndex((_, index) => !used.has(index));
  const inputNames = uniqueNames(
    where,
    'input',
    inputs.map(
      (input, index) => input.name ?? nameOf(input.tensor) ?? (inputs.length === 1 ? 'input' : `input_${index}`),
    ),
  );
  if (unused >= 0) throw unusedInput(where, inputNames[unused]!, outputs);

  const layers = [...new Set(applications.map(({ layer }) => layer))];
  const layerNames = nameLayers(where, layers);
  const names = new Map(layers.map((layer, index) => [layer, layerNames[index]!]));
  const numbers = new Map(applications.map((application, index) => [application, index]));
  const ref = (tensor: SymbolicTensor): TensorRef => {
    const start = starts.get(tensor);
    if (start !== undefined) return { node: -1 - start, output: 0 };
    const origin = originOf(tensor) as { readonly application: Application; readonly output: number };
    return { node: numbers.get(origin.application)!, output: origin.output };
  };
  const nodes = applications.map(({ layer, inputs: ins, outputs: outs }) => ({
    layer,
    name: names.get(layer)!,
    inputs: ins.map(ref),
    inputShapes: ins.map(({ shape }) => shape),
    outputShape: outs[0]!.shape,
    outputShapes: outs.map(({ shape }) => shape),
    outputDtypes: outs.map(({ dtype }) => dtype),
  }));
  const refs = outputs.map(({ tensor }) => ref(tensor));
  const outputNames = outputs.map(({ name }, index) => name ?? outputName(refs[index]!, nodes, inputNames));
  return {
    inputs: inputs.map(({ tensor: { shape, dtype } }, index) => ({ name: inputNames[index]!, shape, dtype })),
    nodes,
    outputs: outputs.map(({ tensor: { shape, dtype } }, index) => ({
      name: numbered(outputNames, index),
      shape,
      dtype,
      from: refs[index]!,
    })),
  };
}

/** All applications that outputs need, and which inputs. Goes by a list of its own: a graph may be deeper than the stack. */
function reached(
  where: string,
  starts: ReadonlyMap<SymbolicTensor, number>,
  outputs: readonly NamedTensor[],
): { readonly applications: readonly Application[]; readonly used: ReadonlySet<number> } {
  const applications = new Set<Application>();
  const used = new Set<number>();
  const open = outputs.map(({ tensor }) => ({ tensor, output: tensor }));
  while (open.length > 0) {
    const { tensor, output } = open.pop()!;
    const start = starts.get(tensor);
    if (start !== undefined) {
      used.add(start);
      continue;
    }
    const origin = originOf(tensor);
    if (origin === 'input' || origin === undefined) throw disconnected(where, tensor, output);
    if (applications.has(origin.application)) continue;
    applications.add(origin.application);
    for (const input of origin.application.inputs) open.push({ tensor: input, output });
  }
  return { applications: [...applications].sort((a, b) => a.number - b.number), used };
}

const nameOf = (tensor: SymbolicTensor): string | undefined => (tensor as { readonly name?: string }).name;

function outputName({ node, output }: TensorRef, nodes: readonly ModelNode[], inputNames: readonly string[]): string {
  if (node < 0) return inputNames[-1 - node]!;
  return output === 0 ? nodes[node]!.name : `${nodes[node]!.name}_${output}`;
}

/** A name with a number where it was used before. */
function numbered(names: readonly string[], index: number): string {
  const before = names.slice(0, index).filter((name) => name === names[index]).length;
  return before === 0 ? names[index]! : `${names[index]!}_${before}`;
}

function uniqueNames(where: string, kind: string, names: readonly string[]): readonly string[] {
  const double = names.find((name, index) => names.indexOf(name) !== index);
  if (double === undefined) return names;
  throw twice(where, `Two ${kind}s have the same name`, 'unique names', `"${double}" twice`);
}

function twice(where: string, what: string, expected: string, received = 'the same one twice'): GradstreamError {
  return new GradstreamError('GS_MODEL_NAME', {
    where,
    what,
    expected,
    received,
    next: 'Rename or remove one of them.',
  });
}

function unusedInput(where: string, name: string, outputs: readonly NamedTensor[]): GradstreamError {
  return new GradstreamError('GS_MODEL_INPUT_UNUSED', {
    where,
    what: `The input "${name}" leads to no output`,
    expected: 'inputs that the outputs are computed from',
    received: `outputs that come from ${outputs.map(({ tensor }) => wayTo(tensor).join(' -> ')).join(', ')}`,
    next: 'Leave the input out, or connect it.',
  });
}

function disconnected(where: string, tensor: SymbolicTensor, output: SymbolicTensor): GradstreamError {
  const name = nameOf(tensor);
  return new GradstreamError('GS_MODEL_DISCONNECTED', {
    where,
    what: 'An output is computed from an input that the model does not have',
    expected: 'all inputs that the outputs need',
    received: `the output at ${wayTo(output).join(' -> ')} also needs ${name === undefined ? `an input without a name` : `the input "${name}"`} of shape [${tensor.shape.map(String).join(', ')}]`,
    next: 'Add it to inputs.',
  });
}
