import { floats, slopeOf } from './kernel-case.js';
import type { CasesByKernel, KernelCase, Values } from './kernel-case.js';

/** Rows by features. */
const sizes: readonly (readonly [rows: number, n: number])[] = [
  [1, 1],
  [3, 4],
  [4, 5],
  [5, 3],
  [7, 8],
  [8, 9],
  [9, 7],
  [2, 17],
  [17, 2],
  [33, 16],
  [16, 33],
  [0, 4],
];
const LONG = [
  [1, 20_003],
  [20_003, 1],
] as const;
const epsilon = 1e-3;
const tolerance = { relative: 2e-5, absolute: 2e-5 };

/** Normalizes groups of elements, each by its own mean and variance: `group(at)` tells to which an element belongs. */
function normalized(
  x: ArrayLike<number>,
  count: number,
  group: (at: number) => number,
  gamma: (at: number) => number,
  beta: (at: number) => number,
): { y: Float64Array; mean: Float64Array; variance: Float64Array } {
  const [mean, variance, sizesOf] = [new Float64Array(count), new Float64Array(count), new Float64Array(count)];
  for (let at = 0; at < x.length; at++) {
    mean[group(at)]! += x[at]!;
    sizesOf[group(at)]! += 1;
  }
  for (let index = 0; index < count; index++) mean[index]! /= sizesOf[index]!;
  for (let at = 0; at < x.length; at++) variance[group(at)]! += (x[at]! - mean[group(at)]!) ** 2;
  for (let index = 0; index < count; index++) variance[index]! /= sizesOf[index]!;
  const y = Float64Array.from(
    { length: x.length },
    (_, at) => ((x[at]! - mean[group(at)]!) / Math.sqrt(variance[group(at)]! + epsilon)) * gamma(at) + beta(at),
  );
  return { y, mean, variance };
}

/** A layer normalization takes rows together, a batch normalization columns. */
type By = 'row' | 'column';

function run(
  by: By,
  [rows, n]: readonly [number, number],
  x: ArrayLike<number>,
  gamma: ArrayLike<number>,
  beta: ArrayLike<number>,
): ReturnType<typeof normalized> {
  return normalized(
    x,
    by === 'row' ? rows : n,
    (at) => (by === 'row' ? Math.floor(at / n) : at % n),
    (at) => gamma[at % n]!,
    (at) => beta[at % n]!,
  );
}

const vector = (values: ArrayLike<number>): Values => ({
  shape: [values.length],
  dtype: 'float32',
  values: Float32Array.from(values),
});

function forward(by: By): KernelCase[] {
  return [...sizes, ...LONG]
    .filter(([rows]) => by === 'row' || rows > 0)
    .flatMap(([rows, n]) =>
      [true, false].map((whole): KernelCase => {
        const [x, gamma, beta] = [floats([rows, n], 2, 3), floats([n], 3), floats([n], 4)];
        const ones = { values: new Float32Array(n).fill(1) };
        const result = run(
          by,
          [rows, n],
          x.values,
          (whole ? gamma : ones).values,
          whole ? beta.values : new Float32Array(n),
        );
        const second = by === 'row' ? result.variance.map((value) => 1 / Math.sqrt(value + epsilon)) : result.variance;
        return {
          inputs: { x, ...(whole ? { gamma, beta } : {}) },
          attrs: { epsilon },
          outputs: [
            { shape: [rows, n], values: result.y },
            { shape: [result.mean.length], values: result.mean },
            { shape: [second.length], values: second },
          ],
          tolerance,
        };
      }),
    );
}

/** Running statistics take their part of the batch's. */
function moving(): KernelCase[] {
  const momentum = 0.9;
  return sizes
    .filter(([rows]) => rows > 0)
    .map(([rows, n]): KernelCase => {
      const [x, mean, variance] = [floats([rows, n], 2, 3), floats([n], 3), floats([n], 4)];
      const batch = run('column', [rows, n], x.values, new Float32Array(n).fill(1), new Float32Array(n));
      const after = (before: Values, value: Float64Array): { shape: number[]; values: Float64Array } => ({
        shape: [n],
        values: value.map((one, at) => before.values[at]! * momentum + one * (1 - momentum)),
      });
      return {
        inputs: { x, movingMean: mean, movingVariance: variance },
        attrs: { epsilon, momentum },
        outputs: [
          { shape: [rows, n], values: batch.y },
          { shape: [n], values: batch.mean },
          { shape: [n], values: batch.variance },
          after(mean, batch.mean),
          after(variance, batch.variance),
        ],
        tolerance,
      };
    });
}

/** Against finite differences of the forward formula, mean and variance included. */
function backward(by: By): KernelCase[] {
  return sizes
    .filter(([rows]) => by === 'row' || rows > 0)
    .map(([rows, n]): KernelCase => {
      const [x, gamma, beta, dy] = [floats([rows, n], 2, 3), floats([n], 3), floats([n], 4), floats([rows, n], 5)];
      const { mean, variance } = run(by, [rows, n], x.values, gamma.values, beta.values);
      const second =
        by === 'row'
          ? { inverse: vector(variance.map((v) => 1 / Math.sqrt(v + epsilon))) }
          : { variance: vector(variance) };
      const y = (at: ArrayLike<number>, scale: ArrayLike<number>, offset: ArrayLike<number>): Float64Array =>
        run(by, [rows, n], at, scale, offset).y;
      return {
        inputs: { dy, x, gamma, mean: vector(mean), ...second },
        attrs: { epsilon },
        outputs: [
          { shape: [rows, n], values: slopeOf((at) => y(at, gamma.values, beta.values), x.values, dy.values) },
          { shape: [n], values: slopeOf((at) => y(x.values, at, beta.values), gamma.values, dy.values) },
          { shape: [n], values: slopeOf((at) => y(x.values, gamma.values, at), beta.values, dy.values) },
        ],
        tolerance,
      };
    });
}

/** Normalizations of rows and columns, with their gradients. */
export const normalizationCases: CasesByKernel = {
  GradstreamLayerNorm: () => forward('row'),
  GradstreamLayerNormGradient: () => backward('row'),
  GradstreamBatchNorm: () => [...forward('column'), ...moving()],
  GradstreamBatchNormGradient: () => backward('column'),
  FusedBatchNorm: () =>
    sizes.map(([rows, n]): KernelCase => {
      const x = floats([rows, 1, 1, n], 2, 3);
      const [mean, scale, offset] = [floats([n], 3), floats([n], 4), floats([n], 5)];
      const variance = vector(Float64Array.from(floats([n], 6).values, (value) => value * value + 0.1));
      const values = Float64Array.from(
        x.values,
        (value, at) =>
          ((value - mean.values[at % n]!) / Math.sqrt(variance.values[at % n]! + epsilon)) * scale.values[at % n]! +
          offset.values[at % n]!,
      );
      return {
        inputs: { x, mean, variance, scale, offset },
        attrs: { varianceEpsilon: epsilon },
        outputs: [{ shape: x.shape, values }],
        tolerance,
      };
    }),
};
