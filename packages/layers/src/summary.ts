import { sizeOf, type Shape } from '@gradstream/core';
import { isModel } from './internal/is-model.js';
import type { Model, SummaryOptions, TensorRef } from './model.js';

type Described = Pick<Model, 'name' | 'type' | 'nodes' | 'inputs' | 'parameterCount'>;

/**
 * A model as a table for the terminal: layers with type, output shape, number of parameters and, for a graph, what they are connected to; then the totals
 * with their bytes. A shared layer has a row for each use and its parameters in the first.
 */
export function summary(model: Described, options: SummaryOptions = {}): string {
  const { expandNested = false, showTrainable = false } = options;
  const graph = model.type !== 'Sequential';
  const header = ['Layer (type)', 'Output Shape', 'Param #'];
  if (graph) header.push('Connected to');
  if (showTrainable) header.push('Trains');
  const rows = tableRows(model, { expandNested, showTrainable, graph }, '');
  const widths = header.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]!.length)));
  const line = (left: string, middle: string, right: string, fill: string): string =>
    left + widths.map((width) => fill.repeat(width + 2)).join(middle) + right;
  const row = (cells: readonly string[], edge: string): string =>
    `${edge} ${cells.map((cell, column) => (column === 2 ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!))).join(` ${edge} `)} ${edge}`;
  const { total, trainable, frozen } = model.parameterCount;
  const count = (title: string, parameters: number): string =>
    ` ${title}: ${parameters.toLocaleString('en-US')} (${describeBytes(4 * parameters)})`;
  return [
    `Model: "${model.name}"`,
    line('┏', '┳', '┓', '━'),
    row(header, '┃'),
    line('┡', '╇', '┩', '━'),
    rows.map((cells) => row(cells, '│')).join(`\n${line('├', '┼', '┤', '─')}\n`),
    line('└', '┴', '┘', '─'),
    count('Total params', total),
    count('Trainable params', trainable),
    count('Non-trainable params', frozen),
  ].join('\n');
}

interface Columns extends Required<SummaryOptions> {
  readonly graph: boolean;
}

function tableRows(model: Described, columns: Columns, indent: string): string[][] {
  const { expandNested, showTrainable, graph } = columns;
  const inputs = graph
    ? model.inputs.map(({ name, shape }) => [
        `${indent}${name} (InputLayer)`,
        describe(shape),
        '0',
        '-',
        ...(showTrainable ? ['-'] : []),
      ])
    : [];
  const nodes = model.nodes.flatMap((node, index) => {
    const { layer, name, inputShapes, outputShapes } = node;
    const shared = model.nodes.findIndex((other) => other.layer === layer) < index;
    const parameters = layer.build(inputShapes, name).weights.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
    const cells = [
      `${indent}${name} (${layer.type})`,
      outputShapes.map(describe).join(', '),
      shared ? 'shared' : parameters.toLocaleString('en-US'),
    ];
    if (graph) cells.push(node.inputs.map((ref) => source(ref, model)).join(', '));
    if (showTrainable) cells.push(parameters === 0 ? '-' : layer.trainable ? 'yes' : 'no');
    const inside = isModel(layer) && expandNested && !shared ? tableRows(layer, columns, `${indent}  `) : [];
    return [cells, ...inside];
  });
  return [...inputs, ...nodes];
}

/** `dense`, or `lstm:1` for a second output. */
function source({ node, output }: TensorRef, { nodes, inputs }: Described): string {
  const name = node < 0 ? inputs[-1 - node]!.name : nodes[node]!.name;
  return output === 0 ? name : `${name}:${output}`;
}

const describe = (shape: Shape): string => `(${shape.map((size) => size ?? 'null').join(', ')})`;

function describeBytes(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB'];
  let unit = 0;
  while (bytes >= 1024 && unit < units.length - 1) {
    bytes /= 1024;
    unit++;
  }
  return `${bytes.toFixed(2)} ${units[unit]}`;
}
