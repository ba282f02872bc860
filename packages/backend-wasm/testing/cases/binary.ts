import { floats, LENGTHS, sizeOf, slopeOf, specialFloats, SPECIALS, truths, wholes } from './kernel-case.js';
import type { CasesByKernel, KernelCase, Tolerance, Values } from './kernel-case.js';

/** Shapes that are spread over each other in every pattern. */
const shapes: readonly (readonly [readonly number[], readonly number[]])[] = [
  ...LENGTHS.map((length) => [[length], [length]] as const),
  [[], []],
  [[17], []],
  [[], [17]],
  [[3, 5], [5]],
  ...[
    [
      [3, 9],
      [3, 1],
    ],
    [
      [3, 1],
      [1, 9],
    ],
    [
      [1, 33],
      [4, 33],
    ],
    [
      [2, 3, 5],
      [3, 1],
    ],
    [
      [2, 1, 5],
      [1, 3, 1],
    ],
    [
      [2, 3, 1, 5],
      [2, 1, 4, 1],
    ],
    [[0, 3], [3]],
    [[70, 300], [300]],
  ].map(([a, b]) => [a!, b!] as const),
];

const broadcast = (a: readonly number[], b: readonly number[]): number[] =>
  Array.from({ length: Math.max(a.length, b.length) }, (_, axis, from = Math.max(a.length, b.length) - axis) => {
    const [x, y] = [a.at(-from) ?? 1, b.at(-from) ?? 1];
    return x === 1 || from > a.length ? y : x;
  });

/** What two tensors give, element by element. */
function spreadOver(a: Values, b: Values, f: (x: number, y: number) => number): { shape: number[]; values: number[] } {
  const shape = broadcast(a.shape, b.shape);
  const place = ({ shape: own }: Values, index: number): number => {
    let [rest, at, stride] = [index, 0, 1];
    for (let axis = 1; axis <= own.length; axis++) {
      const whole = shape.at(-axis)!;
      if (own.at(-axis)! > 1) at += (rest % whole) * stride;
      rest = Math.floor(rest / whole);
      stride *= own.at(-axis)!;
    }
    return at;
  };
  const values = Array.from({ length: sizeOf(shape) }, (_, index) =>
    f(a.values[place(a, index)]!, b.values[place(b, index)]!),
  );
  return { shape, values };
}

interface BinaryFunction {
  readonly f: (a: number, b: number) => number;
  readonly whole?: boolean;
  readonly float?: boolean;
  readonly names?: readonly [string, string];
  readonly tolerance?: Tolerance;
}

const oneUlp: Tolerance = { relative: 2 ** -23, absolute: 2 ** -149 };
const remainder = (a: number, b: number): number =>
  (a >= 0 && b >= 0) || (a < 0 && b < 0) ? a % b : ((a % b) + b) % b;

const functions: Readonly<Record<string, BinaryFunction>> = {
  Add: { f: (a, b) => a + b, whole: true },
  Sub: { f: (a, b) => a - b, whole: true },
  Multiply: { f: (a, b) => a * b, whole: true },
  RealDiv: { f: (a, b) => a / b },
  Maximum: { f: Math.max, whole: true },
  Minimum: { f: Math.min, whole: true },
  SquaredDifference: { f: (a, b) => Math.fround(a - b) ** 2, whole: true },
  Prelu: { f: (x, alpha) => (x < 0 ? x * alpha : x), names: ['x', 'alpha'] },
  Pow: { f: Math.pow, whole: true, tolerance: oneUlp },
  Atan2: { f: Math.atan2, tolerance: oneUlp },
  FloorDiv: { f: (a, b) => Math.floor(a / b), whole: true, tolerance: oneUlp },
  Mod: { f: remainder, whole: true, tolerance: oneUlp },
  BitwiseAnd: { f: (a, b) => a & b, whole: true, float: false },
};

const comparisons: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  Equal: (a, b) => a === b,
  NotEqual: (a, b) => a !== b,
  Less: (a, b) => a < b,
  LessEqual: (a, b) => a <= b,
  Greater: (a, b) => a > b,
  GreaterEqual: (a, b) => a >= b,
};

function casesOf({ f, whole, float = true, names = ['a', 'b'], tolerance }: BinaryFunction): KernelCase[] {
  const inputs = (a: Values, b: Values): Record<string, Values> => ({ [names[0]]: a, [names[1]]: b });
  const allowed = tolerance === undefined ? {} : { tolerance };
  const cases: KernelCase[] = [];
  for (const [aShape, bShape] of shapes) {
    if (float) {
      const [a, b] = [specialFloats(aShape, 3), specialFloats(bShape, 5)];
      cases.push({ inputs: inputs(a, b), outputs: [spreadOver(a, b, f)], ...allowed });
    }
    if (whole === true) {
      const [a, b] = [wholes(aShape, -9, 10, 3), wholes(bShape, -9, 10, 5)];
      const { shape, values } = spreadOver(a, b, (x, y) => Math.trunc(f(x, y)) | 0);
      cases.push({ inputs: inputs(a, b), outputs: [{ shape, values, dtype: 'int32' }] });
    }
  }
  if (float) {
    // Every special number with every other.
    const list = SPECIALS.map(Math.fround);
    const grid = (of: (row: number, column: number) => number): Values => ({
      shape: [list.length, list.length],
      dtype: 'float32',
      values: Float32Array.from({ length: list.length ** 2 }, (_, at) =>
        of(Math.floor(at / list.length), at % list.length),
      ),
    });
    const [a, b] = [grid((row) => list[row]!), grid((_, column) => list[column]!)];
    cases.push({ inputs: inputs(a, b), outputs: [spreadOver(a, b, f)], ...allowed });
  }
  return cases;
}

function truthCases(f: (a: number, b: number) => boolean, kinds: readonly Values['dtype'][]): KernelCase[] {
  const make = {
    float32: specialFloats,
    int32: (s: readonly number[], seed: number) => wholes(s, -3, 3, seed),
    bool: truths,
  };
  return shapes.flatMap(([aShape, bShape]) =>
    kinds.map((dtype): KernelCase => {
      const [a, b] = [make[dtype](aShape, 3), make[dtype](bShape, 5)];
      return { inputs: { a, b }, outputs: [{ ...spreadOver(a, b, (x, y) => Number(f(x, y))), dtype: 'bool' }] };
    }),
  );
}

/** The gradient of elu by its result y: dy where y is positive, dy (y + 1) elsewhere. Against differences of elu itself. */
function eluGradientCases(): KernelCase[] {
  const elu = (x: number): number => (x > 0 ? x : Math.expm1(x));
  return LENGTHS.slice(0, -1).map((length) => {
    const dy = floats([length], 4);
    const x = Float64Array.from({ length }, (_, at) => ((at * 7) % 13) / 3 - 2 + 0.01);
    const y: Values = { shape: [length], dtype: 'float32', values: Float32Array.from(x, elu) };
    const values = slopeOf((at) => at.map(elu), x, dy.values);
    return { inputs: { dy, y }, outputs: [{ shape: [length], values }], tolerance: { relative: 1e-6, absolute: 1e-7 } };
  });
}

/** Elementwise kernels of two or more tensors. */
export const binaryCases: CasesByKernel = {
  ...Object.fromEntries(Object.entries(functions).map(([name, spec]) => [name, () => casesOf(spec)])),
  ...Object.fromEntries(
    Object.entries(comparisons).map(([name, f]) => [name, () => truthCases(f, ['float32', 'int32', 'bool'])]),
  ),
  LogicalAnd: () => truthCases((a, b) => a + b === 2, ['bool']),
  LogicalOr: () => truthCases((a, b) => a + b > 0, ['bool']),
  LogicalXor: () => truthCases((a, b) => a !== b, ['bool']),
  EluGrad: eluGradientCases,
  AddN: () =>
    LENGTHS.map((length) => {
      const terms = [1, 2, 3, 4].map((seed) => specialFloats([length], seed));
      const values = Array.from({ length }, (_, at) =>
        terms.reduce((sum, { values: term }, index) => (index === 0 ? term[at]! : Math.fround(sum + term[at]!)), 0),
      );
      return {
        inputs: Object.fromEntries(terms.map((term, index) => [String(index), term])),
        outputs: [{ shape: [length], values }],
      };
    }),
};
