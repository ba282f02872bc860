import { describe, expect, it } from 'vitest';
import { axisOf } from './axis.js';
import type { Chart } from './chart.js';
import { svgChart } from './svg-chart.js';
import { textChart } from './text-chart.js';

const chart: Chart = {
  title: 'Squares <of> "numbers" & more',
  xLabel: 'x',
  yLabel: 'y',
  curves: [
    { name: 'square', points: [0, 1, 2, 3, 4].map((x) => [x, x * x]) },
    { name: 'double', points: [0, 2, 4].map((x) => [x, 2 * x]) },
  ],
  marks: [{ x: 2, label: 'equal' }],
};
const labels = (values: readonly number[], scale: 'linear' | 'log' = 'linear'): string[] =>
  axisOf(values, scale, 5).ticks.map(({ label }) => label);

describe('axisOf', () => {
  it.each([
    [
      [0, 10],
      ['0', '2', '4', '6', '8', '10'],
    ],
    [
      [0.12, 0.31],
      ['0.10', '0.15', '0.20', '0.25', '0.30', '0.35'],
    ],
    [
      [-3, 3],
      ['-4', '-2', '0', '2', '4'],
    ],
    [
      [5, 5],
      ['2', '3', '4', '5', '6', '7', '8'],
    ],
    [
      [0, 0],
      ['-0.6', '-0.4', '-0.2', '0.0', '0.2', '0.4', '0.6'],
    ],
    [[], ['0.0', '0.2', '0.4', '0.6', '0.8', '1.0']],
    [
      [NaN, 1, 3, Infinity],
      ['1.0', '1.5', '2.0', '2.5', '3.0'],
    ],
    [
      [0, 4e9],
      ['0', '1.00e+9', '2.00e+9', '3.00e+9', '4.00e+9'],
    ],
  ])('has round ticks for %j', (values, expected) => {
    expect(labels(values)).toEqual(expected);
  });

  it('has powers of ten on a logarithmic axis, which has no place for what is not above 0', () => {
    expect(labels([1e-8, 1], 'log')).toEqual(['1e-8', '1e-6', '1e-4', '1e-2', '1e0']);
    const axis = axisOf([0.01, 100, 0, -5], 'log', 5);
    expect([0.01, 1, 100].map((value) => axis.place(value))).toEqual([0, 0.5, 1]);
    expect(axis.place(0)).toBeNaN();
    expect(labels([5, 5], 'log')).toEqual(['1e0', '1e1', '1e2']);
  });

  it('places the ends of what it shows inside', () => {
    const axis = axisOf([0.12, 0.31], 'linear', 5);
    expect(axis.place(0.12)).toBeGreaterThanOrEqual(0);
    expect(axis.place(0.31)).toBeLessThanOrEqual(1);
  });
});

describe('svgChart', () => {
  it('is one picture, whose texts are texts', () => {
    const svg = svgChart({ ...chart, curves: [{ name: '</svg><script>\u0000', points: [[0, 1]] }] });
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" [^]*<\/svg>\n$/);
    expect(svg).not.toMatch(/<script|\0/);
    expect(svg).toContain('Squares &lt;of&gt; &quot;numbers&quot; &amp; more');
  });

  it('draws curves, dots for points alone, gaps and marks', () => {
    const svg = svgChart({
      ...chart,
      curves: [
        {
          name: 'a',
          points: [
            [0, 1],
            [1, NaN],
            [2, 2],
            [3, 3],
            [4, Infinity],
          ],
        },
      ],
    });
    expect(svg.match(/<circle/g)).toHaveLength(1);
    expect(svg.match(/stroke-linejoin/g)).toHaveLength(1);
    expect(svg).toContain('stroke-dasharray');
    expect(svg).not.toMatch(/NaN|Infinity/);
  });

  it('draws nothing, too', () => {
    expect(svgChart({ ...chart, curves: [], marks: [] })).not.toMatch(/NaN|Infinity/);
  });
});

describe('textChart', () => {
  it('is drawn in signs', () => {
    expect(textChart(chart, { columns: 40, rows: 9 })).toMatchInlineSnapshot(`
      "Squares <of> "numbers" & more
      * square   o double   (y)
      20 +                  :
         |                  :
         |                  :                *
         |                  :
      10 +                  :       *
         |                  :                o
         |                  o
         |                  :
       0 +o        *        :
         +------------------------------------
          0        1        2       3        4
          x
          : equal
      "
    `);
  });

  it('lets no name move the cursor', () => {
    const text = textChart({ ...chart, title: 'a\u001b[2Jb\n', curves: [] });
    expect(text.split('\n')[0]).toMatch(/^a \[2Jb $/);
  });
});
