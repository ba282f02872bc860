import { normalValues, randomBits, randomKey, uniformValues } from '@gradstream/core';
import { floats, LENGTHS, slopeOf, specialFloats, truths, wholes } from './kernel-case.js';
import type { CasesByKernel, KernelCase, Values } from './kernel-case.js';

const tolerance = { relative: 1e-5, absolute: 1e-5 };

/** Activations whose slope is taken from their result. */
const activations: Readonly<Record<string, (x: number) => number>> = {
  relu: (x) => Math.max(0, x),
  relu6: (x) => Math.min(6, Math.max(0, x)),
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  tanh: Math.tanh,
  elu: (x) => (x > 0 ? x : Math.expm1(x)),
};

function softmax(x: ArrayLike<number>, n: number): Float64Array {
  const y = Float64Array.from(x);
  for (let first = 0; first < y.length; first += n) {
    const row = y.subarray(first, first + n);
    const most = row.reduce((a, b) => Math.max(a, b), -Infinity);
    const sum = row.reduce((total, value) => total + Math.exp(value - most), 0);
    for (let at = 0; at < n; at++) row[at] = Math.exp(row[at]! - most) / sum;
  }
  return y;
}

function activationGradients(): KernelCase[] {
  const lengths = LENGTHS.slice(0, -1);
  const elementwise = Object.entries(activations).flatMap(([activation, f]) =>
    lengths.map((length): KernelCase => {
      const [x, dy] = [floats([length], 3, 8), floats([length], 4)];
      const y: Values = { ...x, values: Float32Array.from(x.values, f) };
      const values = slopeOf((at) => at.map(f), x.values, dy.values);
      return { inputs: { dy, y }, attrs: { activation }, outputs: [{ shape: [length], values }], tolerance };
    }),
  );
  const rows = lengths.slice(1).map((n): KernelCase => {
    const [x, dy] = [floats([3, n], 3, 3), floats([3, n], 4)];
    const y: Values = { ...x, values: Float32Array.from(softmax(x.values, n)) };
    const values = slopeOf((at) => softmax(at, n), x.values, dy.values);
    return { inputs: { dy, y }, attrs: { activation: 'softmax' }, outputs: [{ shape: [3, n], values }], tolerance };
  });
  return [...elementwise, ...rows];
}

const classSizes: readonly (readonly [rows: number, classes: number])[] = [
  [1, 1],
  [3, 3],
  [4, 4],
  [5, 5],
  [2, 8],
  [9, 7],
  [3, 17],
  [33, 10],
  [0, 4],
];

/** A row of a vocabulary. */
const LONG = [1, 40_003] as const;

/** Labels as shares, or as class numbers. */
function labelsOf(rows: number, classes: number, sparse: boolean): { given: Values; shares: Float64Array } {
  const chosen = wholes([rows], 0, classes, 5);
  const shares = softmax(floats([rows, classes], 6, 2).values, classes).map(Math.fround);
  if (!sparse) return { given: { shape: [rows, classes], dtype: 'float32', values: shares }, shares };
  const one = new Float64Array(rows * classes);
  for (let row = 0; row < rows; row++) one[row * classes + chosen.values[row]!] = 1;
  return { given: chosen, shares: one };
}

/** Losses of rows, and their slope against finite differences of the losses. */
function crossEntropies(
  sparse: boolean,
  name: 'logits' | 'probabilities',
  losses: (x: ArrayLike<number>, shares: Float64Array, classes: number) => Float64Array,
  slopes: (x: ArrayLike<number>, shares: Float64Array, classes: number) => Float64Array,
  attrs: object,
): KernelCase[] {
  return [...classSizes, LONG].map(([rows, classes]): KernelCase => {
    const raw = floats([rows, classes], 2, 3);
    const x: Values =
      name === 'logits' ? raw : { ...raw, values: Float32Array.from(raw.values, (value) => 0.2 + Math.abs(value)) };
    const { given, shares } = labelsOf(rows, classes, sparse);
    const f = (at: ArrayLike<number>): Float64Array => losses(at, shares, classes);
    // Finite differences of a long row take too long.
    const slope =
      classes === LONG[1] ? slopes(x.values, shares, classes) : slopeOf(f, x.values, new Float64Array(rows).fill(1));
    return {
      inputs: { labels: given, [name]: x },
      attrs,
      outputs: [
        { shape: [rows], values: f(x.values) },
        { shape: [rows, classes], values: slope },
      ],
      tolerance,
    };
  });
}

function ofLogits(x: ArrayLike<number>, shares: Float64Array, classes: number): Float64Array {
  const p = softmax(x, classes);
  return rowSums(
    p.map((value, at) => -shares[at]! * Math.log(value)),
    classes,
  );
}

const EPSILON = 1e-7;

function ofProbabilities(x: ArrayLike<number>, shares: Float64Array, classes: number): Float64Array {
  const sums = rowSums(Float64Array.from(x), classes);
  const terms = Float64Array.from(x, (value, at) => {
    const q = Math.min(1 - EPSILON, Math.max(EPSILON, value / sums[Math.floor(at / classes)]!));
    return -shares[at]! * Math.log(q);
  });
  return rowSums(terms, classes);
}

/** The slope of one row's loss: p - t. */
function byLogits(x: ArrayLike<number>, shares: Float64Array, classes: number): Float64Array {
  return softmax(x, classes).map((p, at) => p - shares[at]!);
}

/** The slope of one row's loss, where shares are 1 together and no clip is in force: `(1 - t / q) / sum(p)`. */
function byProbabilities(x: ArrayLike<number>, shares: Float64Array, classes: number): Float64Array {
  const [sum] = rowSums(Float64Array.from(x), classes);
  return Float64Array.from(x, (p, at) => (1 - (shares[at]! * sum!) / p) / sum!);
}

function rowSums(x: Float64Array, n: number): Float64Array {
  const sums = new Float64Array(x.length / n);
  for (const [at, value] of x.entries()) sums[Math.floor(at / n)]! += value;
  return sums;
}

const key = randomKey(77);
const scalar = (value: number, dtype: 'float32' | 'int32' = 'float32'): Values => ({
  shape: [],
  dtype,
  values: dtype === 'int32' ? Int32Array.of(value) : Float32Array.of(value),
});

function randomCases(make: (length: number, counter: number) => KernelCase): KernelCase[] {
  return LENGTHS.map((length, index) => {
    const test = make(length, index);
    const attrs = { keyLow: key.low, keyHigh: key.high, ...test.attrs };
    return { ...test, inputs: { ...test.inputs, counter: scalar(index, 'int32') }, attrs };
  });
}

/** Random numbers, losses, statistics and slopes in one pass. */
export const fusedCases: CasesByKernel = {
  GradstreamActivationGradient: activationGradients,
  GradstreamSoftmaxCrossEntropy: () => crossEntropies(false, 'logits', ofLogits, byLogits, {}),
  GradstreamSparseSoftmaxCrossEntropy: () => crossEntropies(true, 'logits', ofLogits, byLogits, {}),
  GradstreamProbabilityCrossEntropy: () =>
    crossEntropies(false, 'probabilities', ofProbabilities, byProbabilities, { epsilon: EPSILON }),
  GradstreamSparseProbabilityCrossEntropy: () =>
    crossEntropies(true, 'probabilities', ofProbabilities, byProbabilities, { epsilon: EPSILON }),
  GradstreamUniform: () =>
    randomCases((length, counter) => ({
      inputs: {},
      attrs: { shape: [length], min: -0.5, max: 2 },
      outputs: [{ shape: [length], values: uniformValues(key, counter, length, -0.5, 2) }],
    })),
  GradstreamNormal: () =>
    randomCases((length, counter) => ({
      inputs: {},
      attrs: { shape: [length], mean: 1, deviation: 2 },
      outputs: [{ shape: [length], values: normalValues(key, counter, length, 1, 2) }],
      tolerance: { relative: 1e-6, absolute: 1e-6 },
    })),
  GradstreamDropout: () =>
    randomCases((length, counter) => {
      const x = specialFloats([length], 4);
      const bits = randomBits(key, counter, length);
      const [scale, limit] = [Math.fround(1 / (1 - 0.3)), Math.fround(0.3) * 2 ** 24];
      const values = Float64Array.from(x.values, (value, at) => value * (bits[at]! >>> 8 >= limit ? scale : 0));
      return { inputs: { x }, attrs: { rate: 0.3 }, outputs: [{ shape: [length], values }] };
    }),
  GradstreamRunningMean: () =>
    LENGTHS.flatMap((length) =>
      [floats([length], 3), truths([length], 3)].map((values): KernelCase => {
        const sum = Array.from(values.values).reduce((total, value) => total + value, 0);
        return {
          inputs: { values, total: scalar(3.5), lack: scalar(0), count: scalar(4, 'int32') },
          outputs: [
            { shape: [], values: [3.5 + sum] },
            { shape: [], values: [0] },
            { shape: [], values: [4 + length], dtype: 'int32' },
          ],
          // What is lost to rounding is what the second output keeps: at most half a unit of the last place of the total.
          tolerance: { relative: 1e-5, absolute: 1e-3 },
        };
      }),
    ),
  GradstreamStatistics: () =>
    LENGTHS.map((length): KernelCase => {
      const x = floats([length], 3, 4);
      const list = Float64Array.from(x.values);
      const mean = list.reduce((total, value) => total + value, 0) / length;
      const deviation = Math.sqrt(list.reduce((total, value) => total + (value - mean) ** 2, 0) / length);
      const values = [
        length,
        Math.sqrt(list.reduce((total, value) => total + value * value, 0)),
        mean,
        deviation,
        list.reduce((a, b) => Math.min(a, b), Infinity),
        list.reduce((a, b) => Math.max(a, b), -Infinity),
        0,
      ];
      const nothing = [0, NaN, NaN, NaN, NaN, NaN, NaN];
      return {
        inputs: { x },
        outputs: [{ shape: [7], values: length === 0 ? nothing : values }],
        tolerance: { relative: 1e-6, absolute: 1e-6 },
      };
    }),
  GradstreamGlobalNorm: () =>
    [undefined, 0.5, 1e6].flatMap((limit) =>
      [NaN, Infinity, undefined].map((special): KernelCase => {
        const tensors = LENGTHS.map((length) => floats([length], length + 3));
        if (special !== undefined) (tensors[5]!.values as Float32Array)[2] = special;
        const all = tensors.reduce((sum, { values }) => sum + Array.from(values).reduce((s, x) => s + x * x, 0), 0);
        const norm = Math.sqrt(all) * 0.25;
        const clipped = limit === undefined ? 0.25 : (0.25 * limit) / Math.max(norm, limit) + (norm - norm);
        return {
          inputs: { before: scalar(0.25), ...Object.fromEntries(tensors.map((x, index) => [`x${index}`, x])) },
          attrs: limit === undefined ? {} : { limit },
          outputs: [
            { shape: [], values: [norm] },
            { shape: [], values: [clipped] },
          ],
          tolerance: { relative: 1e-6 },
        };
      }),
    ),
};
