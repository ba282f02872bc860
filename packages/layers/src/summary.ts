import { sizeOf } from '@gradstream/core';
import type { Model } from './model.js';

/** A model as a table for the terminal: layers with type, output shape and number of parameters, then the totals with their bytes. */
export function summary(model: Pick<Model, 'name' | 'type' | 'nodes' | 'parameterCount'>): string {
  const rows = model.nodes.map(({ layer, name, inputShapes, outputShape }) => {
    const parameters = layer.build(inputShapes, name).weights.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
    return [
      `${name} (${layer.type})`,
      `(${outputShape.map((size) => size ?? 'null').join(', ')})`,
      parameters.toLocaleString('en-US'),
    ];
  });
  const header = ['Layer (type)', 'Output Shape', 'Param #'];
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

function describeBytes(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB'];
  let unit = 0;
  while (bytes >= 1024 && unit < units.length - 1) {
    bytes /= 1024;
    unit++;
  }
  return `${bytes.toFixed(2)} ${units[unit]}`;
}
