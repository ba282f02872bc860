import * as tf from '@tensorflow/tfjs-core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { expectAsCpu, numbersOf, startPlain, type PlainBackend } from '../../testing/plain-backend.js';
import type { Kernel } from '../kernel.js';
import { argExtremeKernels, scanKernels, softmaxKernels } from './along-axis.js';
import { reduced } from './reduced.js';
import { reductionSteps } from './reduction-steps.js';
import { topKKernels } from './top-k.js';

/** A reduction in plain loops. */
const reduction = (
  name: string,
  join: (a: number, b: number) => number,
  last: (total: number, n: number) => number,
): Kernel<PlainBackend> => ({
  name,
  run: ({ inputs, attrs, backend }) =>
    reduced(backend, inputs['x'] as TensorInfo, attrs, (x, y, { outer, n, inner }, divisor) => {
      const [from, to] = [numbersOf(backend, x), numbersOf(backend, y)];
      for (let row = 0; row < outer; row++)
        for (let column = 0; column < inner; column++) {
          let total = from[row * n * inner + column]!;
          for (let index = 1; index < n; index++) total = join(total, from[(row * n + index) * inner + column]!);
          to[row * inner + column] = last(total, divisor);
        }
    }),
});

/** The elements of each line of x along an axis, by their places. */
function* linesOf(x: TensorInfo, axis: number): Generator<number[]> {
  const inner = tf.util.sizeFromShape(x.shape.slice(axis + 1));
  const n = x.shape[axis]!;
  for (let first = 0; first < tf.util.sizeFromShape(x.shape) / n; first++)
    yield Array.from(
      { length: n },
      (_, index) => Math.floor(first / inner) * n * inner + index * inner + (first % inner),
    );
}

beforeAll(() =>
  startPlain([
    ...argExtremeKernels<PlainBackend>((backend, name, x, y, axis) => {
      const [from, to] = [numbersOf(backend, x), numbersOf(backend, y)];
      const better = (a: number, b: number): boolean => (name === 'ArgMax' ? a > b : a < b);
      let at = 0;
      for (const line of linesOf(x, axis))
        to[at++] = line.reduce((best, place, index) => (better(from[place]!, from[line[best]!]!) ? index : best), 0);
    }),
    ...scanKernels<PlainBackend>((backend, name, x, y, axis, isExclusive, isReverse) => {
      const [from, to] = [numbersOf(backend, x), numbersOf(backend, y)];
      for (const line of linesOf(x, axis)) {
        let total = name === 'Cumsum' ? 0 : 1;
        for (const place of isReverse ? line.toReversed() : line) {
          const next = name === 'Cumsum' ? total + from[place]! : total * from[place]!;
          to[place] = isExclusive ? total : next;
          total = next;
        }
      }
    }),
    ...softmaxKernels<PlainBackend>((backend, x, y) => numbersOf(backend, y).set(numbersOf(backend, x))),
    reduction('Sum', (a, b) => a + b, (total) => total), // prettier-ignore
    reduction('Mean', (a, b) => a + b, (total, n) => total / n), // prettier-ignore
    reduction('Max', Math.max, (total) => total),
    ...topKKernels<PlainBackend>((backend, [x, values, places], [rows, n, k]) => {
      const [from, to, at] = [x, values, places].map((tensor) => numbersOf(backend, tensor));
      for (let row = 0; row < rows; row++) {
        const order = Array.from({ length: n }, (_, index) => index).toSorted(
          (a, b) => from![row * n + b]! - from![row * n + a]!,
        );
        for (let index = 0; index < k; index++) {
          at![row * k + index] = order[index]!;
          to![row * k + index] = from![row * n + order[index]!]!;
        }
      }
    }),
  ]),
);

const x = (): tf.Tensor => tf.tensor4d([3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9, 3], [2, 1, 4, 2]);

it.each<[string, () => tf.Tensor | tf.Tensor[]]>([
  ['sums over neighbouring axes', () => tf.sum(x(), [1, 2])],
  ['sums over axes apart', () => tf.sum(x(), [0, 3], true)],
  ['means in two steps', () => tf.mean(x(), [0, 2])],
  ['means of everything', () => tf.mean(x())],
  ['a maximum over an axis of one element', () => tf.max(x(), 1)],
  ['no results', () => tf.sum(tf.zeros([0, 3]), 1)],
  ['the place of the largest', () => tf.argMax(x(), 2)],
  ['the place of the least', () => tf.argMin(x(), 3)],
  ['running sums', () => tf.cumsum(x(), 2, true)],
  ['running products from the other end', () => tf.cumprod(x(), 0, false, true)],
  ['the largest of a row', () => Object.values(tf.topk(x(), 1))],
])('%s', async (_, run) => expectAsCpu(run));

it('joins neighbouring axes', () => {
  expect(reductionSteps([8, 4, 5], [0, 2])).toEqual([
    { outer: 32, n: 5, inner: 1 },
    { outer: 1, n: 8, inner: 4 },
  ]);
  expect(reductionSteps([8, 4, 5], [1, 2])).toEqual([{ outer: 8, n: 20, inner: 1 }]);
  expect(reductionSteps([8, 1], [1])).toEqual([]);
});

it('a softmax is along the last dimension', () => {
  const y = tf.tidy(() => tf.softmax(x()));
  expect([y.shape, y.dataSync()[4]]).toEqual([[2, 1, 4, 2], 5]);
  y.dispose();
});
