import { floats, sizeOf, specialFloats, truths, wholes } from './kernel-case.js';
import type { CasesByKernel, Expected, KernelCase, Tolerance, Values } from './kernel-case.js';

const axesOfShapes: readonly (readonly [readonly number[], readonly number[]])[] = [
  [[], []],
  ...[1, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33].flatMap(
    (n) =>
      [
        [[n], [0]],
        [[3, n], [1]],
        [[n, 3], [0]],
        [[2, n, 5], [1]],
      ] as const,
  ),
  [[0], [0]],
  [[0, 3], [0]],
  [[3, 0], [0]],
  [
    [2, 3, 4],
    [0, 2],
  ],
  [
    [2, 3, 4],
    [0, 1, 2],
  ],
  [
    [3, 1, 2, 2, 3],
    [0, 2, 4],
  ],
  [[300, 170], [0]],
  [[300, 170], [1]],
  [[40_003], [0]],
];

/** The lists of elements that are reduced together, in the order of the result. */
function lists(x: Values, axes: readonly number[]): { shape: number[]; lists: number[][] } {
  const shape = x.shape.filter((_, axis) => !axes.includes(axis));
  const groups = Array.from({ length: sizeOf(shape) }, (): number[] => []);
  for (let index = 0; index < x.values.length; index++) {
    let [rest, to, stride] = [index, 0, 1];
    for (let axis = x.shape.length - 1; axis >= 0; axis--) {
      const place = rest % x.shape[axis]!;
      rest = Math.floor(rest / x.shape[axis]!);
      if (axes.includes(axis)) continue;
      to += place * stride;
      stride *= x.shape[axis]!;
    }
    groups[to]!.push(x.values[index]!);
  }
  return { shape, lists: groups };
}

type Reduce = (list: readonly number[]) => number;

const sum: Reduce = (list) => list.reduce((total, value) => total + value, 0);
const extreme =
  (better: (a: number, b: number) => number, first: number): Reduce =>
  (list) =>
    list.reduce((a, b) => better(a, b), first);

function reductions(
  make: (shape: readonly number[]) => Values,
  reduce: Reduce,
  dtype: 'float32' | 'int32' | 'bool',
  tolerance?: Tolerance,
): KernelCase[] {
  return axesOfShapes.map(([shape, axis], index) => {
    const x = make(shape);
    const groups = lists(x, axis);
    const keepDims = index % 3 === 0;
    const result: Expected = {
      shape: keepDims ? shape.map((size, at) => (axis.includes(at) ? 1 : size)) : groups.shape,
      values: groups.lists.map(reduce),
      dtype,
    };
    return {
      inputs: { x },
      attrs: { axis, keepDims },
      outputs: [result],
      ...(tolerance === undefined ? {} : { tolerance }),
    };
  });
}

const whole = (shape: readonly number[]): Values => wholes(shape, -99, 99, 3);
const allowed = { relative: 1e-5, absolute: 3e-5 };
const product: Reduce = (list) => list.reduce((total, value) => total * value, 1);

/** Places of extremes, of equal ones the first: of few different numbers. */
function argCases(isBetter: (a: number, b: number) => boolean): KernelCase[] {
  return axesOfShapes
    .filter(([shape, axis]) => axis.length === 1 && sizeOf(shape) > 0)
    .flatMap(([shape, axis]) =>
      [whole(shape), { ...wholes(shape, -3, 3, 4), dtype: 'float32' as const }].map((x): KernelCase => {
        const groups = lists(x, axis);
        const places = groups.lists.map((list) =>
          list.reduce((best, value, at) => (isBetter(value, list[best]!) ? at : best), 0),
        );
        return {
          inputs: { x },
          attrs: { axis: axis[0] },
          outputs: [{ shape: groups.shape, values: places, dtype: 'int32' }],
        };
      }),
    );
}

function softmaxCases(): KernelCase[] {
  return axesOfShapes
    .filter(([shape, axis]) => shape.length > 0 && axis.includes(shape.length - 1))
    .flatMap(([shape]) =>
      [floats(shape, 2, 20), { ...wholes(shape, 0, 3, 2), dtype: 'float32' as const }].map((logits): KernelCase => {
        const values = lists(logits, [shape.length - 1]).lists.flatMap((row) => {
          const most = row.reduce((a, b) => Math.max(a, b), -Infinity);
          const total = sum(row.map((value) => Math.exp(value - most)));
          return row.map((value) => Math.exp(value - most) / total);
        });
        return {
          inputs: { logits },
          attrs: { dim: shape.length - 1 },
          outputs: [{ shape, values }],
          tolerance: { relative: 1e-5, absolute: 1e-30 },
        };
      }),
    );
}

function scanCases(combine: (a: number, b: number) => number, first: number): KernelCase[] {
  return axesOfShapes
    .filter(([shape, axis]) => axis.length === 1 && sizeOf(shape) < 1000)
    .flatMap(([shape, axis]) =>
      [0, 1, 2, 3].map((flags): KernelCase => {
        const [exclusive, reverse] = [(flags & 1) > 0, (flags & 2) > 0];
        const isWhole = flags === 3;
        const x = isWhole ? wholes(shape, -2, 3, 5) : floats(shape, 5, 1.5);
        const inner = sizeOf(shape.slice(axis[0]! + 1));
        const n = shape[axis[0]!]!;
        const values = Array.from(x.values, (_, at) => {
          const place = Math.floor(at / inner) % n;
          const step = reverse ? 1 : -1;
          let total = first;
          for (let other = place + (exclusive ? step : 0); other >= 0 && other < n; other += step)
            total = combine(total, x.values[at + (other - place) * inner]!);
          return isWhole ? Math.trunc(total) | 0 : total;
        });
        return {
          inputs: { x },
          attrs: { axis: axis[0], exclusive, reverse },
          outputs: [{ shape, values, dtype: x.dtype }],
          tolerance: { relative: 1e-5, absolute: 1e-5 },
        };
      }),
    );
}

/** Sums, extremes and their places, along any axes. */
export const reductionCases: CasesByKernel = {
  Sum: () => [
    ...reductions((shape) => floats(shape, 3), sum, 'float32', allowed),
    ...reductions(whole, sum, 'int32'),
    ...[NaN, Infinity, -Infinity, 1e-42].map((value): KernelCase => {
      const values = Float32Array.from({ length: 33 }, (_, at) => (at === 20 ? value : 0));
      return {
        inputs: { x: { shape: [33], dtype: 'float32', values } },
        attrs: { axis: [0], keepDims: false },
        outputs: [{ shape: [], values: [Math.fround(value)] }],
      };
    }),
  ],
  Mean: () =>
    reductions(
      (shape) => floats(shape, 3),
      (list) => sum(list) / list.length,
      'float32',
      allowed,
    ),
  Prod: () => [
    ...reductions((shape) => floats(shape, 3, 2), product, 'float32', allowed),
    ...reductions((shape) => wholes(shape, 1, 2, 3), product, 'int32'),
  ],
  Max: () => [
    ...reductions((shape) => specialFloats(shape, 3), extreme(Math.max, -Infinity), 'float32'),
    ...reductions(whole, extreme(Math.max, -(2 ** 31)), 'int32'),
  ],
  Min: () => [
    ...reductions((shape) => specialFloats(shape, 3), extreme(Math.min, Infinity), 'float32'),
    ...reductions(whole, extreme(Math.min, 2 ** 31 - 1), 'int32'),
  ],
  All: () =>
    reductions(
      (shape) => truths(shape, 4),
      (list) => Number(list.every((x) => x === 1)),
      'bool',
    ),
  Any: () =>
    reductions(
      (shape) => truths(shape, 4),
      (list) => Number(list.includes(1)),
      'bool',
    ),
  ArgMax: () => argCases((a, b) => a > b),
  ArgMin: () => argCases((a, b) => a < b),
  Softmax: softmaxCases,
  Cumsum: () => scanCases((a, b) => a + b, 0),
  Cumprod: () => scanCases((a, b) => a * b, 1),
  TopK: () =>
    [1, 3, 4, 5, 8, 17, 33].flatMap((n) =>
      [1, n].flatMap((k) =>
        [wholes([3, n], -3, 3, 6), { ...wholes([3, n], -9, 9, 6), dtype: 'float32' as const }].map((x): KernelCase => {
          const groups = lists(x, [1]).lists.map((list) =>
            list
              .map((value, place) => ({ value, place }))
              .sort((a, b) => b.value - a.value || a.place - b.place)
              .slice(0, k),
          );
          return {
            inputs: { x },
            attrs: { k, sorted: true },
            outputs: [
              { shape: [3, k], values: groups.flat().map(({ value }) => value), dtype: x.dtype },
              { shape: [3, k], values: groups.flat().map(({ place }) => place), dtype: 'int32' },
            ],
          };
        }),
      ),
    ),
  UnsortedSegmentSum: () =>
    [1, 3, 4, 5, 8, 17, 33].map((n): KernelCase => {
      const [x, segmentIds] = [floats([9, n], 3), wholes([9], 0, 4, 2)];
      const values = new Float64Array(5 * n);
      for (let at = 0; at < 9 * n; at++)
        values[segmentIds.values[Math.floor(at / n)]! * n + (at % n)]! += x.values[at]!;
      return {
        inputs: { x, segmentIds },
        attrs: { numSegments: 5 },
        outputs: [{ shape: [5, n], values }],
        tolerance: { absolute: 1e-5 },
      };
    }),
};
