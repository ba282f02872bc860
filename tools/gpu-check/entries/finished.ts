import * as tf from '@tensorflow/tfjs-core';
import type { CudaBackend } from '@gradstream/backend-cuda';
import { off } from './off.js';

/** Sizes of tiles and odd ones, from 2^20 multiplications on. */
const sizes: readonly (readonly [m: number, n: number, k: number])[] = [
  [128, 256, 784],
  [101, 103, 105],
  [264, 136, 60],
  [33, 70, 3000],
  [1025, 10, 130],
];
const transposes = [
  [false, false],
  [true, false],
  [false, true],
  [true, true],
] as const;

/** A product that was checked, and how many launches it took. */
export interface FinishedProduct {
  readonly name: string;
  readonly off: number;
  readonly launches: number;
}

/** Products with a bias, with relu and with both, against their definition in float64, and that relu leaves NaN what it is. */
export function finishedProducts(
  backend: CudaBackend,
  numbers: (count: number) => Float32Array,
  title: string,
): FinishedProduct[] {
  const found: FinishedProduct[] = [];
  for (const [m, n, k] of sizes) {
    found.push(isNaNKept(numbers, [m, n, k], title));
    for (const [ta, tb] of transposes) {
      const [a, b, bias] = [numbers(m * k), numbers(k * n), numbers(n)];
      const sums = new Float64Array(m * n);
      for (let i = 0; i < m; i++)
        for (let p = 0; p < k; p++) {
          const left = a[ta ? p * m + i : i * k + p]!;
          for (let j = 0; j < n; j++) sums[i * n + j]! += left * b[tb ? j * k + p : p * n + j]!;
        }
      for (const [isBiased, activation] of [
        [true, 'linear'],
        [false, 'relu'],
        [true, 'relu'],
      ] as const)
        tf.tidy(() => {
          const inputs: Record<string, tf.Tensor> = {
            a: tf.tensor(a, ta ? [k, m] : [m, k]),
            b: tf.tensor(b, tb ? [n, k] : [k, n]),
            ...(isBiased ? { bias: tf.tensor(bias) } : {}),
          };
          const attrs = { transposeA: ta, transposeB: tb, activation };
          const run = (): tf.Tensor => tf.engine().runKernel('_FusedMatMul', inputs, attrs) as tf.Tensor;
          run();
          const before = backend.runtime.launches;
          const y = run();
          const launches = backend.runtime.launches - before;
          const wanted = sums.map((sum, index) => {
            const value = sum + (isBiased ? bias[index % n]! : 0);
            return activation === 'relu' ? Math.max(0, value) : value;
          });
          const name = `finished ${[m, n, k, ta, tb, isBiased ? 'bias' : '', activation, title]}`;
          found.push({ name, off: off(y.dataSync(), wanted), launches });
        });
    }
  }
  return found;
}

/** A row with a NaN in it is NaN after relu. */
function isNaNKept(
  numbers: (count: number) => Float32Array,
  [m, n, k]: readonly [number, number, number],
  title: string,
): FinishedProduct {
  const a = numbers(m * k);
  a[0] = Number.NaN;
  const row = tf.tidy(() => {
    const inputs = { a: tf.tensor(a, [m, k]), b: tf.tensor(numbers(k * n), [k, n]), bias: tf.tensor(numbers(n)) };
    const attrs = { transposeA: false, transposeB: false, activation: 'relu' };
    return (tf.engine().runKernel('_FusedMatMul', inputs, attrs) as tf.Tensor).dataSync().slice(0, n);
  });
  return { name: `finished NaN ${[m, n, k, title]}`, off: row.every(Number.isNaN) ? 0 : Infinity, launches: 0 };
}
