import * as tf from '@tensorflow/tfjs-core';
import { firstDifference, type Numbers } from '../to-be-all-close.js';
import type { BackendCheck } from './checked-backend.js';

/** That the numbers are right: against plain loops, with nothing of another backend. */
export const numberChecks: Readonly<Record<string, BackendCheck>> = {
  async 'keeps numbers of every type'() {
    const floats = [0, -0, 1.5, -1e-30, 3.4028234663852886e38, NaN, Infinity, -Infinity];
    const whole = [0, 1, -1, 2 ** 31 - 1, -(2 ** 31), 2 ** 24 + 1];
    await gives(() => tf.tensor(floats, [2, 1, 4]), Float32Array.from(floats), 'float32');
    await gives(() => tf.tensor(whole, [6], 'int32'), whole, 'int32');
    await gives(() => tf.tensor([true, false, true], [3], 'bool'), [1, 0, 1], 'bool');
    await gives(() => tf.scalar(7), [7], 'float32');
    await gives(() => tf.tensor([], [3, 0, 2]), [], 'float32');
    const words = tf.tensor(['a', 'β', ''], [3]);
    const got = (await words.data<'string'>()).join('|');
    words.dispose();
    if (got !== 'a|β|') throw new Error(`The words came back as ${got}`);
  },

  async 'reads several tensors at once'() {
    const tensors = [1, 2, 3, 4].map((value) => tf.tidy(() => tf.add(tf.fill([999], value), 0.5)));
    const read = await Promise.all(tensors.map((tensor) => tensor.data()));
    tf.dispose(tensors);
    for (const [index, values] of read.entries()) close(values, new Float32Array(999).fill(index + 1.5));
  },

  async 'multiplies matrices, transposed on either side and in batches'() {
    for (const [batch, m, n, k] of [
      [1, 1, 1, 1],
      [1, 7, 5, 3],
      [3, 33, 17, 65],
      [2, 64, 64, 64],
    ] as const)
      for (const [transposeA, transposeB] of [
        [false, false],
        [true, false],
        [false, true],
        [true, true],
      ] as const) {
        const [a, b] = [numbers(batch * m * k), numbers(batch * k * n, 2)];
        const expected = Float64Array.from({ length: batch * m * n }, (_, at) => {
          const [which, row, column] = [Math.floor(at / (m * n)), Math.floor(at / n) % m, at % n];
          let sum = 0;
          for (let i = 0; i < k; i++)
            sum +=
              a[which * m * k + (transposeA ? i * m + row : row * k + i)]! *
              b[which * k * n + (transposeB ? column * k + i : i * n + column)]!;
          return sum;
        });
        await gives(
          () =>
            tf.matMul(
              tf.tensor(a, transposeA ? [batch, k, m] : [batch, m, k]),
              tf.tensor(b, transposeB ? [batch, n, k] : [batch, k, n]),
              transposeA,
              transposeB,
            ),
          expected,
        );
      }
  },

  async 'adds with broadcasting, and sums over any axis'() {
    const [a, b] = [numbers(2 * 3 * 5), numbers(3)];
    const all = Float64Array.from(a, (value, at) => value + b[Math.floor(at / 5) % 3]!);
    const make = (): tf.Tensor => tf.add(tf.tensor(a, [2, 3, 5]), tf.tensor(b, [3, 1]));
    await gives(make, all);
    for (const [axis, outer, size, inner] of [
      [0, 1, 2, 15],
      [1, 2, 3, 5],
      [2, 6, 5, 1],
    ] as const) {
      const sums = new Float64Array(outer * inner);
      const most = new Float64Array(outer * inner).fill(-Infinity);
      for (const [at, value] of all.entries()) {
        const to = Math.floor(at / (size * inner)) * inner + (at % inner);
        sums[to]! += value;
        most[to] = Math.max(most[to]!, value);
      }
      await gives(() => tf.sum(make(), axis), sums);
      await gives(() => tf.max(make(), axis), most);
      await gives(
        () => tf.mean(make(), axis),
        sums.map((sum) => sum / size),
      );
    }
  },

  async 'convolves and pools images'() {
    const [size, depth, filters] = [5, 3, 2];
    const [x, w] = [numbers(size * size * depth), numbers(9 * depth * filters, 3)];
    const inside = (at: number): boolean => at >= 0 && at < size;
    const convolved = Float64Array.from({ length: size * size * filters }, (_, at) => {
      const [row, column, filter] = [Math.floor(at / filters / size), Math.floor(at / filters) % size, at % filters];
      let sum = 0;
      for (let place = 0; place < 9 * depth; place++) {
        const [i, j, d] = [Math.floor(place / depth / 3) - 1, (Math.floor(place / depth) % 3) - 1, place % depth];
        if (inside(row + i) && inside(column + j))
          sum += x[((row + i) * size + column + j) * depth + d]! * w[place * filters + filter]!;
      }
      return sum;
    });
    const image = (): tf.Tensor4D => tf.tensor4d(x, [1, size, size, depth]);
    await gives(() => tf.conv2d(image(), tf.tensor4d(w, [3, 3, depth, filters]), 1, 'same'), convolved);
    const pooled = Float64Array.from({ length: 2 * 2 * depth }, (_, at) => {
      const [row, column, d] = [2 * Math.floor(at / depth / 2), 2 * (Math.floor(at / depth) % 2), at % depth];
      return Math.max(...[0, 1].flatMap((i) => [0, 1].map((j) => x[((row + i) * size + column + j) * depth + d]!)));
    });
    await gives(() => tf.maxPool(image(), 2, 2, 'valid'), pooled);
  },

  async 'is stable where numbers are large, moves and converts them'() {
    await gives(
      () => tf.softmax(tf.tensor2d([1000, 1000, -1000, 0, 0, 0], [2, 3])),
      [0.5, 0.5, 0, 1 / 3, 1 / 3, 1 / 3],
    );
    await gives(() => tf.cast(tf.tensor1d([2.9, -2.9, 0.4]), 'int32'), [2, -2, 0], 'int32');
    await gives(() => tf.greater(tf.tensor1d([1, 2, 3]), tf.scalar(2)), [0, 0, 1], 'bool');
    const table = (): tf.Tensor => tf.reshape(tf.range(0, 24, 1), [2, 3, 4]);
    const at = (i: number, j: number, k: number): number => i * 12 + j * 4 + k;
    const places = [0, 1, 2, 3].flatMap((k) => [0, 1].flatMap((i) => [0, 1, 2].map((j) => at(i, j, k))));
    await gives(() => tf.transpose(table(), [2, 0, 1]), places);
    await gives(() => tf.slice(table(), [0, 1, 1], [2, 2, 1]), [at(0, 1, 1), at(0, 2, 1), at(1, 1, 1), at(1, 2, 1)]);
    await gives(() => tf.gather(tf.range(0, 5, 1), tf.tensor1d([4, 0, 4], 'int32')), [4, 0, 4]);
  },
};

/** Throws unless a tensor has these numbers, and this type where one is given; its parts are freed. */
async function gives(make: () => tf.Tensor, expected: Numbers, dtype?: tf.DataType): Promise<void> {
  const before = tf.memory().numTensors;
  const tensor = tf.tidy(make);
  try {
    if (dtype !== undefined && tensor.dtype !== dtype) throw new Error(`It is of ${tensor.dtype}, not ${dtype}`);
    close(await tensor.data(), expected);
  } finally {
    tensor.dispose();
  }
  const left = tf.memory().numTensors - before;
  if (left !== 0) throw new Error(`It left ${left} tensors behind`);
}

function close(received: Numbers, expected: Numbers): void {
  const difference = firstDifference(received, expected, { absolute: 2e-5, relative: 1e-5 });
  if (difference !== null) throw new Error(difference);
}

/** Numbers between -1 and 1 that are the same each time. */
function numbers(size: number, seed = 1): Float32Array {
  return Float32Array.from({ length: size }, (_, at) => Math.sin((at + 1) * 12.9898 + seed * 78.233));
}
