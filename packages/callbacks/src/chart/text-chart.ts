import { withoutControls } from '../progress/display-width.js';
import { axisOf } from './axis.js';
import type { Chart } from './chart.js';

const SIGNS = ['*', 'o', '+', 'x'];

/** Columns and rows of text. */
export interface TextChartOptions {
  /** Default 72. */
  readonly columns?: number;
  /** Default 16. */
  readonly rows?: number;
}

/** A chart in plain characters, for a terminal or a log: a sign for each curve, a column of colons at each mark. */
export function textChart(chart: Chart, { columns = 72, rows = 16 }: TextChartOptions = {}): string {
  const { title, xLabel, yLabel, xScale = 'linear', yScale = 'linear', curves, marks } = chart;
  const xs = axisOf([...curves.flatMap(({ points }) => points.map(([x]) => x)), ...marks.map(({ x }) => x)], xScale, 6);
  const ys = axisOf(
    curves.flatMap(({ points }) => points.map(([, y]) => y)),
    yScale,
    Math.max(2, Math.floor(rows / 4)),
  );
  const margin = Math.max(...ys.ticks.map(({ label }) => label.length));
  const width = Math.max(10, columns - margin - 2);
  const cells = Array.from({ length: rows }, () => Array.from({ length: width }, () => ' '));
  const column = (value: number): number => Math.round(xs.place(value) * (width - 1));
  const row = (value: number): number => Math.round((1 - ys.place(value)) * (rows - 1));
  const put = (at: number, height: number, sign: string): void => {
    if (cells[height]?.[at] !== undefined) cells[height][at] = sign;
  };
  for (const { x } of marks) for (let height = 0; height < rows; height++) put(column(x), height, ':');
  curves.forEach(({ points }, index) => {
    for (const [x, y] of points) put(column(x), row(y), SIGNS[index % SIGNS.length]!);
  });
  const labels = new Map(ys.ticks.map(({ value, label }) => [row(value), label]));
  const lines = cells.map((line, height) => {
    const label = labels.get(height);
    return `${(label ?? '').padStart(margin)} ${label === undefined ? '|' : '+'}${line.join('').trimEnd()}`;
  });
  const legend = curves.map(({ name }, index) => `${SIGNS[index % SIGNS.length]} ${name}`).join('   ');
  const all = [
    title,
    `${legend}   (${yLabel})`,
    ...lines,
    `${' '.repeat(margin)} +${'-'.repeat(width)}`,
    `${' '.repeat(margin + 2)}${under(
      xs.ticks.map(({ value, label }) => [column(value), label]),
      width,
    )}`,
    `${' '.repeat(margin + 2)}${xLabel}`,
    ...marks.map(({ label }) => `${' '.repeat(margin + 2)}: ${label}`),
  ];
  // Names come from users: none may move the cursor.
  return all.map((line) => `${withoutControls(line)}\n`).join('');
}

/** Labels at their columns, as many as have room. */
function under(labels: readonly (readonly [number, string])[], width: number): string {
  let line = '';
  for (const [at, label] of labels) {
    const start = Math.min(Math.max(0, at - Math.floor(label.length / 2)), width - label.length);
    if (line !== '' && start <= line.length) continue;
    line = line.padEnd(start) + label;
  }
  return line;
}
