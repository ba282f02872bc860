import { erf } from '../erf.js';
import { floats, LENGTHS, sizeOf, specialFloats, SPECIALS, truths, wholes } from './kernel-case.js';
import type { CasesByKernel, KernelCase, Values } from './kernel-case.js';

const f32 = Math.fround;

/** To the nearest whole number, of two the even one. */
function roundToEven(x: number): number {
  const low = Math.floor(x);
  if (x - low !== 0.5) return Math.round(x);
  return low % 2 === 0 ? low : low + 1;
}

const SELU_SCALE = 1.0507009873554805;
const SELU_ALPHA = 1.6732632423543772;

/** Functions whose result is the float32 nearest to the exact one. */
const exact: Readonly<Record<string, readonly [(x: number) => number, object?]>> = {
  Abs: [Math.abs],
  Neg: [(x) => -x],
  Square: [(x) => x * x],
  Sqrt: [Math.sqrt],
  Rsqrt: [(x) => 1 / f32(Math.sqrt(x))],
  Reciprocal: [(x) => 1 / x],
  Ceil: [Math.ceil],
  Floor: [Math.floor],
  Round: [roundToEven],
  // As tfjs has it: NaN has no sign.
  Sign: [(x) => (x > 0 ? 1 : x < 0 ? -1 : 0)],
  Relu: [(x) => Math.max(0, x)],
  Relu6: [(x) => Math.min(6, Math.max(0, x))],
  LeakyRelu: [(x) => (x < 0 ? x * f32(0.3) : x), { alpha: 0.3 }],
  Step: [(x) => (Number.isNaN(x) ? NaN : x > 0 ? 1 : 0.5), { alpha: 0.5 }],
  ClipByValue: [(x) => (x < -1.5 ? -1.5 : x > 2.5 ? 2.5 : x), { clipValueMin: -1.5, clipValueMax: 2.5 }],
};

/** Functions within some units of the last place. */
const near: Readonly<Record<string, readonly [(x: number) => number, number]>> = {
  Exp: [Math.exp, 2],
  Expm1: [Math.expm1, 4],
  Log: [Math.log, 2],
  Log1p: [Math.log1p, 4],
  Sigmoid: [(x) => 1 / (1 + Math.exp(-x)), 2],
  Tanh: [Math.tanh, 2],
  Softplus: [(x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))), 4],
  Erf: [erf, 2],
  Elu: [(x) => (x >= 0 ? x : Math.expm1(x)), 4],
  Selu: [(x) => SELU_SCALE * (x >= 0 ? x : SELU_ALPHA * Math.expm1(x)), 5],
  Sin: [Math.sin, 1],
  Cos: [Math.cos, 1],
  Tan: [Math.tan, 1],
  Asin: [Math.asin, 1],
  Acos: [Math.acos, 1],
  Atan: [Math.atan, 1],
  Sinh: [Math.sinh, 1],
  Cosh: [Math.cosh, 1],
  Asinh: [Math.asinh, 1],
  Acosh: [Math.acosh, 1],
  Atanh: [Math.atanh, 1],
};

const ULP = 2 ** -23;

/** One case for every length, and one with all special numbers. */
function unaryCases(f: (x: number) => number, ulps: number, attrs: object = {}): KernelCase[] {
  const given: Values[] = LENGTHS.map((length) => specialFloats([length], length + 1));
  given.push({ shape: [SPECIALS.length], dtype: 'float32', values: Float32Array.from(SPECIALS) });
  return given.map((x) => ({
    inputs: { x },
    attrs,
    outputs: [{ shape: x.shape, values: Float64Array.from(x.values, f) }],
    ...(ulps > 0 ? { tolerance: { relative: ulps * ULP, absolute: ulps * 2 ** -149 } } : {}),
  }));
}

const wholeUnary: Readonly<Record<string, (x: number) => number>> = {
  Abs: Math.abs,
  Neg: (x) => -x,
  Square: (x) => Math.imul(x, x),
  Relu: (x) => Math.max(0, x),
};

function wholeCases(name: string): KernelCase[] {
  const f = wholeUnary[name];
  if (f === undefined) return [];
  return LENGTHS.slice(0, -1).map((length) => {
    const x = wholes([length], -40_000, 40_000, length + 1);
    const values = Int32Array.from(x.values, f);
    return { inputs: { x }, outputs: [{ shape: x.shape, values, dtype: 'int32' }] };
  });
}

/** True for each number that a test is true of. */
function testCases(test: (x: number) => boolean): KernelCase[] {
  return LENGTHS.map((length) => {
    const x = specialFloats([length], length + 2);
    const values = Uint8Array.from(x.values, (value) => Number(test(value)));
    return { inputs: { x }, outputs: [{ shape: x.shape, values, dtype: 'bool' }] };
  });
}

/** Every type that tensors have, of every length: for what only writes or hands on. */
const ofAllTypes = LENGTHS.flatMap((length): Values[] => [
  specialFloats([length], 3),
  wholes([length], -9, 9, 4),
  truths([length], 5),
]);

function castCases(): KernelCase[] {
  const cut = (value: number): number => Math.trunc(value) | 0;
  return LENGTHS.flatMap((length) => {
    const [x, whole, truth] = [floats([length], 6, 300), wholes([length], -3, 3, 7), truths([length], 8)];
    const special = specialFloats([length], 3);
    return (
      [
        [x, 'int32', Int32Array.from(x.values, cut)],
        [special, 'bool', Uint8Array.from(special.values, (value) => Number(value !== 0))],
        [special, 'float32', special.values],
        [whole, 'float32', whole.values],
        [whole, 'bool', Uint8Array.from(whole.values, (value) => Number(value !== 0))],
        [truth, 'float32', truth.values],
        [truth, 'int32', truth.values],
      ] as const
    ).map(([from, dtype, values]) => ({
      inputs: { x: from },
      attrs: { dtype },
      outputs: [{ shape: from.shape, values, dtype }],
    }));
  });
}

function selectCases(): KernelCase[] {
  return LENGTHS.flatMap((length) => {
    const condition = truths([length], 9);
    const whole = [specialFloats([length], 2), specialFloats([length], 5)] as const;
    const rows = [wholes([length, 3], -9, 9, 2), wholes([length, 3], -9, 9, 5)] as const;
    return [whole, rows].map(([t, e]) => {
      const row = t.shape.length === 1 ? 1 : 3;
      const values = Array.from(t.values, (value, at) =>
        condition.values[Math.floor(at / row)] === 1 ? value : e.values[at]!,
      );
      return { inputs: { condition, t, e }, outputs: [{ shape: t.shape, values, dtype: t.dtype }] };
    });
  });
}

/** Elementwise kernels of one tensor, and those that change types, choose or fill. */
export const elementwiseCases: CasesByKernel = {
  ...Object.fromEntries(
    Object.entries(exact).map(([name, [f, attrs]]) => [name, () => [...unaryCases(f, 0, attrs), ...wholeCases(name)]]),
  ),
  ...Object.fromEntries(Object.entries(near).map(([name, [f, ulps]]) => [name, () => unaryCases(f, ulps)])),
  IsNan: () => testCases(Number.isNaN),
  IsInf: () => testCases((x) => Math.abs(x) === Infinity),
  IsFinite: () => testCases(Number.isFinite),
  Cast: castCases,
  Select: selectCases,
  LogicalNot: () =>
    LENGTHS.map((length) => {
      const x = truths([length], 3);
      return {
        inputs: { x },
        outputs: [{ shape: x.shape, values: Array.from(x.values, (v) => 1 - v), dtype: 'bool' }],
      };
    }),
  Fill: () =>
    LENGTHS.flatMap((length) =>
      [
        [0.1, 'float32'],
        [NaN, 'float32'],
        [-7, 'int32'],
        [1, 'bool'],
      ].map(([value, dtype]) => ({
        inputs: {},
        attrs: { shape: [length], value, dtype },
        outputs: [{ shape: [length], values: Array.from({ length }, () => value as number), dtype: dtype as 'bool' }],
      })),
    ),
  ...Object.fromEntries(
    [0, 1].map((value) => [
      value === 0 ? 'ZerosLike' : 'OnesLike',
      () =>
        ofAllTypes.map((x) => ({
          inputs: { x },
          outputs: [{ shape: x.shape, values: Array.from(x.values, () => value), dtype: x.dtype }],
        })),
    ]),
  ),
  Identity: () => ofAllTypes.map((x) => ({ inputs: { x }, outputs: [x] })),
  Reshape: () =>
    ofAllTypes.map((x) => {
      const shape = [1, sizeOf(x.shape), 1];
      return { inputs: { x }, attrs: { shape }, outputs: [{ ...x, shape }] };
    }),
  ExpandDims: () =>
    ofAllTypes.slice(0, -3).flatMap((input) =>
      [0, 1, -1, -2].map((dim) => {
        const shape = dim === 0 || dim === -2 ? [1, ...input.shape] : [...input.shape, 1];
        return { inputs: { input }, attrs: { dim }, outputs: [{ ...input, shape }] };
      }),
    ),
};
