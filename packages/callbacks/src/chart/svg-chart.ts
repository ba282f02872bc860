import { axisOf, type Axis } from './axis.js';
import type { Chart, Curve } from './chart.js';

const [WIDTH, HEIGHT] = [760, 440];
const [LEFT, RIGHT, TOP, BOTTOM] = [76, 20, 64, 52];
/** Blue, vermilion, green, purple: apart for colour-blind eyes as well (Okabe and Ito). */
const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7'];

/** A chart as an SVG picture, complete with fonts and colours: it can be written to a file or put into a page. */
export function svgChart(chart: Chart): string {
  const { title, xLabel, yLabel, xScale = 'linear', yScale = 'linear', curves, marks } = chart;
  const xs = axisOf([...curves.flatMap(({ points }) => points.map(([x]) => x)), ...marks.map(({ x }) => x)], xScale, 8);
  const ys = axisOf(
    curves.flatMap(({ points }) => points.map(([, y]) => y)),
    yScale,
    6,
  );
  const x = (value: number): number => round(LEFT + xs.place(value) * (WIDTH - LEFT - RIGHT));
  const y = (value: number): number => round(HEIGHT - BOTTOM - ys.place(value) * (HEIGHT - TOP - BOTTOM));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" font-family="system-ui, sans-serif" font-size="12" fill="#222">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    `<text x="${LEFT}" y="22" font-size="15" font-weight="600">${escaped(title)}</text>`,
    ...grid(xs, ys, x, y),
    `<text x="${(LEFT + WIDTH - RIGHT) / 2}" y="${HEIGHT - 12}" text-anchor="middle">${escaped(xLabel)}</text>`,
    `<text transform="translate(16 ${(TOP + HEIGHT - BOTTOM) / 2}) rotate(-90)" text-anchor="middle">${escaped(yLabel)}</text>`,
    ...curves.flatMap((curve, index) => drawn(curve, COLOURS[index % COLOURS.length]!, x, y)),
    ...marks
      .filter((mark) => Number.isFinite(x(mark.x)))
      .flatMap(({ x: at, label }, index) => marked(x(at), label, index)),
    ...legend(curves),
    '</svg>',
    '',
  ].join('\n');
}

type Place = (value: number) => number;

function grid(xs: Axis, ys: Axis, x: Place, y: Place): string[] {
  const vertical = xs.ticks.map(
    ({ value, label }) =>
      `<path d="M${x(value)} ${TOP}V${HEIGHT - BOTTOM}" stroke="#e4e4e4"/><text x="${x(value)}" y="${HEIGHT - BOTTOM + 17}" text-anchor="middle">${label}</text>`,
  );
  const horizontal = ys.ticks.map(
    ({ value, label }) =>
      `<path d="M${LEFT} ${y(value)}H${WIDTH - RIGHT}" stroke="#e4e4e4"/><text x="${LEFT - 8}" y="${y(value) + 4}" text-anchor="end">${label}</text>`,
  );
  return [...vertical, ...horizontal];
}

/** A line through the points; where one is missing the line is broken, and a point alone is a dot. */
function drawn({ points }: Curve, colour: string, x: Place, y: Place): string[] {
  const pieces: string[][] = [[]];
  for (const [px, py] of points) {
    const [at, height] = [x(px), y(py)];
    if (Number.isFinite(at) && Number.isFinite(height)) pieces.at(-1)!.push(`${at} ${height}`);
    else pieces.push([]);
  }
  return pieces
    .filter(({ length }) => length > 0)
    .map((piece) =>
      piece.length === 1
        ? `<circle cx="${piece[0]!.split(' ')[0]}" cy="${piece[0]!.split(' ')[1]}" r="3" fill="${colour}"/>`
        : `<path d="M${piece.join('L')}" fill="none" stroke="${colour}" stroke-width="2" stroke-linejoin="round"/>`,
    );
}

function marked(at: number, label: string, index: number): string[] {
  const right = at > (LEFT + WIDTH) / 2;
  return [
    `<path d="M${at} ${TOP}V${HEIGHT - BOTTOM}" stroke="#222" stroke-width="1.5" stroke-dasharray="5 4"/>`,
    `<text x="${at + (right ? -6 : 6)}" y="${TOP + 14 + 16 * index}" text-anchor="${right ? 'end' : 'start'}" stroke="#fff" stroke-width="4" paint-order="stroke">${escaped(label)}</text>`,
  ];
}

function legend(curves: readonly Curve[]): string[] {
  let left = LEFT;
  return curves.map(({ name }, index) => {
    const colour = COLOURS[index % COLOURS.length]!;
    const entry = `<path d="M${left} 44h22" stroke="${colour}" stroke-width="2"/><text x="${left + 28}" y="48">${escaped(name)}</text>`;
    left += 52 + 7 * name.length;
    return entry;
  });
}

const round = (value: number): number => Math.round(value * 10) / 10;

/** Names of metrics and layers come from users: they are text, never markup. */
function escaped(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  // oxlint-disable-next-line no-control-regex -- XML has no place for control characters.
  return text.replaceAll(/[\u0000-\u001f\u007f]/g, ' ').replaceAll(/[&<>"']/g, (character) => entities[character]!);
}
