import { floats, sizeOf, slopeOf } from './kernel-case.js';
import type { CasesByKernel, KernelCase, Values } from './kernel-case.js';

type Sizes = readonly [batch: number, steps: number, features: number, units: number];
type Numbers = Readonly<Record<string, ArrayLike<number>>>;

const forward: readonly Sizes[] = [
  [1, 1, 1, 1],
  [2, 3, 4, 5],
  [3, 2, 5, 4],
  [5, 4, 3, 8],
  [9, 2, 7, 9],
];
const backward: readonly Sizes[] = [
  [1, 1, 1, 1],
  [2, 3, 2, 3],
  [3, 2, 3, 4],
];
const tolerance = { relative: 2e-5, absolute: 2e-5 };
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/** The parts of the gates before their activations: `rows · weights` of one example at one step. */
function product(
  rows: ArrayLike<number>,
  start: number,
  length: number,
  weights: ArrayLike<number>,
  column: number,
  width: number,
): number {
  let sum = 0;
  for (let index = 0; index < length; index++) sum += rows[start + index]! * weights[index * width + column]!;
  return sum;
}

/** An LSTM in float64; `offset` is added to the gates before their activations. */
function lstm([batch, steps, features, units]: Sizes, given: Numbers): Record<string, Float64Array> {
  const { x, kernel, recurrentKernel, bias, h: first, c: cell, offset } = given as Required<Numbers>;
  const all = (count: number): Float64Array => new Float64Array(batch! * steps! * count);
  const made = {
    h: all(units),
    gates: all(4 * units),
    before: all(units),
    cells: all(units),
    squashed: all(units),
    c: Float64Array.from(cell!),
  };
  for (let b = 0; b < batch; b++) {
    let state = Float64Array.from({ length: units }, (_, u) => first![b * units + u]!);
    for (let t = 0; t < steps; t++) {
      const at = b * steps + t;
      const next = new Float64Array(units);
      for (let u = 0; u < units; u++) {
        const z = [0, 1, 2, 3].map((gate) => {
          const column = gate * units + u;
          const own =
            product(x!, at * features, features, kernel!, column, 4 * units) +
            product(state, 0, units, recurrentKernel!, column, 4 * units);
          return own + bias![column]! + (offset?.[at * 4 * units + column] ?? 0);
        });
        const [i, f, g, o] = [sigmoid(z[0]!), sigmoid(z[1]!), Math.tanh(z[2]!), sigmoid(z[3]!)];
        [i, f, g, o].forEach((value, gate) => (made.gates[at * 4 * units + gate * units + u] = value));
        const place = at * units + u;
        made.before[place] = state[u]!;
        made.cells[place] = made.c[b * units + u]!;
        made.c[b * units + u] = f * made.c[b * units + u]! + i * g;
        made.squashed[place] = Math.tanh(made.c[b * units + u]!);
        next[u] = o * made.squashed[place]!;
        made.h[place] = next[u]!;
      }
      state = next;
    }
  }
  return made;
}

/** A GRU in float64; `own` and `theirs` are added to the input's and to the state's parts of the gates. */
function gru([batch, steps, features, units]: Sizes, given: Numbers): Record<string, Float64Array> {
  const { x, kernel, recurrentKernel, bias, h: first, own, theirs } = given as Required<Numbers>;
  const all = (count: number): Float64Array => new Float64Array(batch! * steps! * count);
  const made = { h: all(units), gates: all(3 * units), inner: all(units), before: all(units) };
  for (let b = 0; b < batch; b++) {
    let state = Float64Array.from({ length: units }, (_, u) => first![b * units + u]!);
    for (let t = 0; t < steps; t++) {
      const at = b * steps + t;
      const next = new Float64Array(units);
      for (let u = 0; u < units; u++) {
        const parts = [0, 1, 2].map((gate) => {
          const column = gate * units + u;
          const place = at * 3 * units + column;
          return [
            product(x!, at * features, features, kernel!, column, 3 * units) + bias![column]! + (own?.[place] ?? 0),
            product(state, 0, units, recurrentKernel!, column, 3 * units) +
              bias![3 * units + column]! +
              (theirs?.[place] ?? 0),
          ] as const;
        });
        const [z, r] = [sigmoid(parts[0]![0] + parts[0]![1]), sigmoid(parts[1]![0] + parts[1]![1])];
        const candidate = Math.tanh(parts[2]![0] + r * parts[2]![1]);
        [z, r, candidate].forEach((value, gate) => (made.gates[at * 3 * units + gate * units + u] = value));
        const place = at * units + u;
        made.inner[place] = parts[2]![1];
        made.before[place] = state[u]!;
        next[u] = z * state[u]! + (1 - z) * candidate;
        made.h[place] = next[u]!;
      }
      state = next;
    }
  }
  return made;
}

function operands([batch, steps, features, units]: Sizes, gates: 3 | 4): Record<string, Values> {
  return {
    x: floats([batch, steps, features], 1),
    kernel: floats([features, gates * units], 2),
    recurrentKernel: floats([units, gates * units], 3),
    bias: floats(gates === 4 ? [4 * units] : [2, 3 * units], 4),
    h: floats([batch, units], 5),
    ...(gates === 4 ? { c: floats([batch, units], 6) } : {}),
  };
}

const numbers = (values: Readonly<Record<string, Values>>): Numbers =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value.values]));
const float32 = (shape: readonly number[], values: ArrayLike<number>): Values => ({
  shape,
  dtype: 'float32',
  values: Float32Array.from(values),
});

function forwardCases(gates: 3 | 4): KernelCase[] {
  return forward.map((sizes) => {
    const [batch, steps, , units] = sizes;
    const inputs = operands(sizes, gates);
    const made = (gates === 4 ? lstm : gru)(sizes, numbers(inputs));
    const states = (name: string): Values => ({ shape: [batch, steps, units], dtype: 'float32', values: made[name]! });
    const active = { shape: [batch, steps, gates * units], values: made.gates! };
    const outputs =
      gates === 4
        ? [
            states('h'),
            { shape: [batch, units], values: made.c! },
            active,
            states('before'),
            states('cells'),
            states('squashed'),
          ]
        : [states('h'), active, states('inner'), states('before')];
    return { inputs, attrs: { sequences: true }, outputs, tolerance };
  });
}

/** What a gradient kernel gives, by central differences of the layer above. */
function backwardCases(gates: 3 | 4): KernelCase[] {
  return backward.map((sizes) => {
    const [batch, steps, features, units] = sizes;
    const run = gates === 4 ? lstm : gru;
    const inputs = operands(sizes, gates);
    const given = numbers(inputs);
    const made = run(sizes, given);
    const [dh, dc] = [floats([batch, steps, units], 7), floats([batch, units], 8)];
    const weights = gates === 4 ? [...Array.from(dh.values), ...Array.from(dc.values)] : dh.values;
    const by = (
      name: string,
      shape: readonly number[],
      start: ArrayLike<number> = new Float64Array(sizeOf(shape)),
    ) => ({
      shape,
      values: slopeOf(
        (moved) => {
          const { h, c } = run(sizes, { ...given, [name]: moved });
          return gates === 4 ? [...h!, ...c!] : h!;
        },
        start,
        weights,
      ),
    });
    const wide = [batch, steps, gates * units];
    const weightShapes = { kernel: [features, gates * units], recurrentKernel: [units, gates * units] };
    const history = Object.entries(made).filter(([name]) => name !== 'h' && name !== 'c');
    const kept = Object.fromEntries(
      history.map(([name, values]) => [name, float32(name === 'gates' ? wide : [batch, steps, units], values)]),
    );
    return {
      inputs: { dh, ...(gates === 4 ? { dc } : {}), ...kept, x: inputs.x!, recurrentKernel: inputs.recurrentKernel! },
      attrs: { sequences: true },
      outputs: [
        ...(gates === 4 ? [by('offset', wide)] : [by('own', wide), by('theirs', wide)]),
        by('h', [batch, units], given.h),
        ...(gates === 4 ? [by('c', [batch, units], given.c)] : []),
        by('kernel', weightShapes.kernel, given.kernel),
        by('recurrentKernel', weightShapes.recurrentKernel, given.recurrentKernel),
        by('bias', gates === 4 ? [4 * units] : [2, 3 * units], given.bias),
      ],
      tolerance: { relative: 1e-4, absolute: 1e-4 },
    };
  });
}

/** LSTM and GRU over whole sequences, and back. */
export const recurrentCases: CasesByKernel = {
  GradstreamLstm: () => forwardCases(4),
  GradstreamLstmGradient: () => backwardCases(4),
  GradstreamGru: () => forwardCases(3),
  GradstreamGruGradient: () => backwardCases(3),
};
