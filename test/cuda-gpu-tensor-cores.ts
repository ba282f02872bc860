// Products and convolutions of rounded numbers, by tensor cores and by cuBLAS, against sums in float64 of numbers that are rounded in JavaScript. `tensor.mjs SMALL`: few.
import * as tf from '@tensorflow/tfjs-core';
import type { Rounding } from '../packages/backend-cuda/src/internal/rounding.js';
import { rounded } from '../packages/backend-cuda/testing/rounded.js';
import { off } from '../tools/gpu-check/entries/off.js';
import { startCuda, writeResult } from '../tools/gpu-check/entries/start.js';

const { backend } = await startCuda();
const small = process.argv[2] !== undefined;
const library = process.env['GRADSTREAM_CUBLAS'] || undefined;
const rows: { readonly name: string; readonly off: number }[] = [];
let seed = 1;
const numbers = (n: number): Float32Array =>
  Float32Array.from({ length: n }, () => (seed = (seed * 48271) % 2147483647) / 2147483647 - 0.5);
const run = (name: string, inputs: Record<string, tf.Tensor>, attrs: object): tf.Tensor =>
  tf.engine().runKernel(name, inputs, { ...attrs } as never) as tf.Tensor;

function note(name: string, got: ArrayLike<number>, wanted: ArrayLike<number>): void {
  rows.push({ name, off: off(got, wanted) });
}

/** The same for what was rounded when it was stored: what is left of each distance beyond that. */
function noteStored(name: string, rounding: Rounding, got: ArrayLike<number>, wanted: ArrayLike<number>): void {
  const unit = rounding === 'bf16' ? 2 ** -8 : rounding === 'f16' ? 2 ** -11 : 0;
  const nearest = Float64Array.from(got, (value, index) => {
    const right = wanted[index]!;
    const gap = value - right;
    return right + Math.sign(gap) * Math.max(0, Math.abs(gap) - unit * Math.abs(right));
  });
  note(name, nearest, wanted);
}

function product(
  name: string,
  rounding: Rounding,
  [m, n, k]: readonly [number, number, number],
  isFinishedToo: boolean,
): void {
  for (const [ta, tb] of [
    [false, false],
    [true, false],
    [false, true],
    [true, true],
  ] as const) {
    const [a, b] = [numbers(m * k), numbers(k * n)];
    const [x, y] = [a, b].map((values) => Float64Array.from(values, (value) => rounded(value, rounding)));
    const wanted = new Float64Array(m * n);
    for (let i = 0; i < m; i++)
      for (let p = 0; p < k; p++) {
        const left = x![ta ? p * m + i : i * k + p]!;
        for (let j = 0; j < n; j++) wanted[i * n + j]! += left * y![tb ? j * k + p : p * n + j]!;
      }
    const inputs = { a: tf.tensor(a, [1, ...(ta ? [k, m] : [m, k])]), b: tf.tensor(b, [1, ...(tb ? [n, k] : [k, n])]) };
    note(
      `${name} ${[m, n, k, ta, tb]}`,
      run('BatchMatMul', inputs, { transposeA: ta, transposeB: tb }).dataSync(),
      wanted,
    );
    if (!isFinishedToo) continue;
    const bias = numbers(n);
    const given = { ...inputs, bias: tf.tensor(bias) };
    note(
      `${name} with a bias and relu ${[m, n, k, ta, tb]}`,
      run('_FusedMatMul', given, { transposeA: ta, transposeB: tb, activation: 'relu' }).dataSync(),
      wanted.map((sum, index) => Math.max(0, sum + bias[index % n]!)),
    );
  }
}

function convolution(rounding: Rounding, [size, from, to]: readonly [number, number, number]): void {
  const [xShape, filterShape, dyShape] = [
    [2, size, size, from],
    [3, 3, from, to],
    [2, size, size, to],
  ];
  const values = [xShape, filterShape, dyShape].map((shape) => numbers(shape!.reduce((p, q) => p * q, 1)));
  const attrs = { strides: 1, pad: 'same', dilations: 1, dataFormat: 'NHWC', inputShape: xShape, filterShape };
  const all = (read: (array: Float32Array) => Float32Array): ArrayLike<number>[] =>
    tf.tidy(() => {
      const [x, filter, dy] = values.map((array, index) =>
        tf.tensor(read(array), [xShape, filterShape, dyShape][index]!),
      );
      return [
        run('Conv2D', { x: x!, filter: filter! }, attrs),
        run('Conv2DBackpropInput', { dy: dy!, filter: filter! }, attrs),
        run('Conv2DBackpropFilter', { x: x!, dy: dy! }, attrs),
      ].map((y) => y.dataSync());
    });
  const got = all((array) => array);
  tf.setBackend('cpu');
  const wanted = all((array) => array.map((value) => rounded(value, rounding)));
  tf.setBackend('cuda');
  for (const [index, name] of ['Conv2D', 'Conv2DBackpropInput', 'Conv2DBackpropFilter'].entries())
    noteStored(`${name} ${rounding} ${[size, from, to]}`, index < 2 ? rounding : 'none', got[index]!, wanted[index]!);
}

/** What networks do between convolutions, on numbers that lie in 16 bits, against the same kernels for 32. */
function between(rounding: 'bf16' | 'f16', [rows, channels]: readonly [number, number]): void {
  const values = [numbers(rows * channels), numbers(rows * channels)];
  const shape: [number, number, number, number] = [1, rows, 1, channels];
  const all = (x: tf.Tensor, dy: tf.Tensor): readonly ArrayLike<number>[] => {
    const normalized = tf.engine().runKernel('GradstreamBatchNorm', { x }, { epsilon: 1e-3 }) as tf.Tensor[];
    const [y, mean, variance] = normalized as [tf.Tensor, tf.Tensor, tf.Tensor];
    const given = { dy, x, mean, variance };
    const slopes = tf.engine().runKernel('GradstreamBatchNormGradient', given, { epsilon: 1e-3 }) as tf.Tensor[];
    const gradient = run('GradstreamActivationGradient', { dy, y: x }, { activation: 'relu' });
    const windows = [tf.maxPool(x as tf.Tensor4D, [3, 1], 1, 'same'), tf.avgPool(x as tf.Tensor4D, [2, 1], 1, 'same')];
    return [y, slopes[0]!, gradient, tf.relu(x), tf.add(x, dy), ...windows, mean, variance, slopes[1]!, slopes[2]!].map(
      (one) => one.dataSync(),
    );
  };
  /** Numbers that are the result of a convolution. */
  const stored = (array: Float32Array): tf.Tensor =>
    tf.conv2d(tf.tensor(array, shape) as tf.Tensor4D, tf.ones([1, 1, channels, channels]), 1, 'same');
  const [x, dy] = values.map(stored) as [tf.Tensor, tf.Tensor];
  const got = all(x, dy);
  const wanted = all(tf.tensor(x.dataSync(), shape), tf.tensor(dy.dataSync(), shape));
  for (const [index, right] of wanted.entries())
    noteStored(
      `between convolutions ${rounding} ${[rows, channels, index]}`,
      index < 7 ? rounding : 'none',
      got[index]!,
      right,
    );
}

const precisions = [
  ['bf16', 'mixedBfloat16'],
  ['f16', 'mixedFloat16'],
  ['tf32', 'float32'],
] as const;
for (const blas of [false, true])
  for (const [rounding, precision] of precisions) {
    // Turing has float16 alone.
    if (rounding !== 'f16' && !backend.precisions.includes('mixedBfloat16')) continue;
    const options = blas ? (library === undefined ? {} : { library }) : ({ library: false } as const);
    if (!backend.useCublas({ ...options, tf32: rounding === 'tf32' }) && blas) break;
    backend.usePrecision(precision);
    tf.tidy(() => {
      // TF32 is for products of 2^20 multiplications and more.
      const sizes = small
        ? [[129, 131, 65]]
        : [
            [200, 132, 256],
            [129, 131, 65],
            [1600, 1540, 65],
            [33, 70, 3000],
          ];
      for (const size of sizes) product(`product ${rounding}${blas ? ' cuBLAS' : ''}`, rounding, size as never, blas);
      if (blas) return;
      const convolutions = small
        ? [[20, 8, 20]]
        : [
            [40, 3, 16],
            [40, 16, 32],
            [40, 32, 64],
            [40, 8, 132],
            [40, 20, 22],
          ];
      for (const size of convolutions) convolution(rounding, size as never);
      if (rounding === 'tf32') return;
      for (const size of small
        ? [[37, 5]]
        : [
            [37, 5],
            [4096, 16],
            [1001, 64],
            [70_000, 32],
          ])
        between(rounding, size as never);
    });
  }
const failures = rows.filter((row) => !(row.off < 2e-5));
for (const row of failures) console.log(`${row.name}: off by ${row.off}`);
console.log(
  `tensor cores: ${rows.length} checked, ${failures.length} failed, largest ${Math.max(...rows.map((row) => row.off))}`,
);
writeResult('tensor', { rows, failures });
process.exit(failures.length > 0 ? 1 : 0);
