// The kernels that are chosen for large sizes, which the table of cases has few of, against their definitions in float64, with cuBLAS and without.
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { finishedProducts } from './finished.js';
import { off } from './off.js';
import { startCuda, writeResult } from './start.js';

const { backend } = await startCuda();
const library = process.env['GRADSTREAM_CUBLAS'] || undefined;
const rows: { name: string; off: number }[] = [];
let about = '';
let seed = 1;
const numbers = (n: number): Float32Array =>
  Float32Array.from({ length: n }, () => (seed = (seed * 48271) % 2147483647) / 2147483647 - 0.5);
const run = (name: string, inputs: Record<string, tf.Tensor>, attrs: object = {}): tf.Tensor[] => {
  const out = tf.engine().runKernel(name, inputs, { ...attrs } as never) as tf.Tensor | tf.Tensor[];
  return Array.isArray(out) ? out : [out];
};

function check(name: string, got: tf.Tensor, wanted: ArrayLike<number>): void {
  rows.push({ name, off: off(got.dataSync(), wanted) });
}

/** The same kernel of tfjs-backend-cpu. */
function checkAgainstCpu(name: string, kernel: string, inputs: Record<string, tf.Tensor>, attrs: object): void {
  const [got] = run(kernel, inputs, attrs);
  const values = got!.dataSync();
  const given = Object.entries(inputs).map(([key, x]) => [key, x.dataSync(), x.shape] as const);
  tf.setBackend('cpu');
  const [wanted] = run(
    kernel,
    Object.fromEntries(given.map(([key, data, shape]) => [key, tf.tensor(data, shape)])),
    attrs,
  );
  rows.push({ name, off: off(values, wanted!.dataSync()) });
  tf.setBackend('cuda');
}

tf.tidy(() => {
  for (const blas of [false, true]) {
    if (!backend.useCublas(blas ? (library === undefined ? {} : { library }) : { library: false }) && blas) break;
    for (const [m, n, k] of [
      [128, 128, 72],
      [200, 132, 256],
      [264, 136, 60],
      [130, 70, 130],
    ] as const)
      for (const [ta, tb] of [
        [false, false],
        [true, false],
        [false, true],
        [true, true],
      ] as const) {
        const [a, b] = [numbers(2 * m * k), numbers(2 * k * n)];
        const wanted = new Float64Array(2 * m * n);
        for (let q = 0; q < 2; q++)
          for (let i = 0; i < m; i++)
            for (let j = 0; j < n; j++)
              for (let p = 0; p < k; p++)
                wanted[(q * m + i) * n + j]! +=
                  a[q * m * k + (ta ? p * m + i : i * k + p)]! * b[q * k * n + (tb ? j * k + p : p * n + j)]!;
        const inputs = { a: tf.tensor(a, ta ? [2, k, m] : [2, m, k]), b: tf.tensor(b, tb ? [2, n, k] : [2, k, n]) };
        check(
          `BatchMatMul ${[m, n, k, ta, tb, blas]}`,
          run('BatchMatMul', inputs, { transposeA: ta, transposeB: tb })[0]!,
          wanted,
        );
      }
    const inputs = {
      a: tf.tensor(numbers(128 * 96), [128, 96]),
      b: tf.tensor(numbers(96 * 128), [96, 128]),
      bias: tf.tensor(numbers(128)),
    };
    checkAgainstCpu(`_FusedMatMul ${blas}`, '_FusedMatMul', inputs, {
      transposeA: false,
      transposeB: false,
      activation: 'relu',
    });
    const finished = finishedProducts(backend, numbers, `${blas}`);
    rows.push(...finished);
    about = `${finished.filter(({ launches }) => launches === 1).length} of ${finished.filter(({ launches }) => launches > 0).length} finished products in one launch; ${backend.detail}`;
  }
  for (const [size, from, to, stride] of [
    [24, 16, 16, 1],
    [24, 3, 16, 1],
    [24, 16, 32, 2],
    [16, 32, 64, 1],
    [24, 1, 32, 1],
    [17, 8, 20, 2],
    [28, 4, 72, 1],
  ] as const) {
    const x = tf.tensor(numbers(2 * size * size * from), [2, size, size, from]);
    const filter = tf.tensor(numbers(9 * from * to), [3, 3, from, to]);
    const attrs = { strides: [stride, stride], pad: 'same', dilations: [1, 1], dataFormat: 'NHWC' };
    const out = Math.ceil(size / stride);
    const dy = tf.tensor(numbers(2 * out * out * to), [2, out, out, to]);
    const name = `${[size, from, to, stride]}`;
    checkAgainstCpu(`Conv2D ${name}`, 'Conv2D', { x, filter }, attrs);
    checkAgainstCpu(
      `Conv2DBackpropInput ${name}`,
      'Conv2DBackpropInput',
      { dy, filter },
      { ...attrs, inputShape: x.shape },
    );
    checkAgainstCpu(
      `Conv2DBackpropFilter ${name}`,
      'Conv2DBackpropFilter',
      { x, dy },
      { ...attrs, filterShape: filter.shape },
    );
  }
  for (const n of [32, 36, 64, 256, 260, 512, 1000, 1024, 1028])
    checkAgainstCpu(`Softmax ${n}`, 'Softmax', { logits: tf.tensor(numbers(19 * n), [19, n]) }, { dim: -1 });
  for (const shapes of [
    [[19, 64], [64]],
    [[64], [19, 64]],
    [
      [6, 7, 8],
      [6, 1, 8],
    ],
    [
      [6, 7, 8],
      [7, 1],
    ],
    [[5, 7], [7]],
    [[103], [103]],
    [[103], []],
    [[], [104]],
    [
      [6, 1, 8],
      [1, 7, 8],
    ],
  ] as const) {
    const [a, b] = shapes.map((shape) =>
      tf.tensor(numbers((shape as readonly number[]).reduce((p, q) => p * q, 1)), [...shape]),
    );
    checkAgainstCpu(`Sub ${JSON.stringify(shapes)}`, 'Sub', { a: a!, b: b! }, {});
    checkAgainstCpu(`Less ${JSON.stringify(shapes)}`, 'Less', { a: a!, b: b! }, {});
  }
  for (const [count, n] of [
    [37, 64],
    [37, 1024],
    [600, 36],
    [5, 1028],
  ] as const)
    normalizations('LayerNorm', count, n);
  for (const [count, n] of [
    [1200, 16],
    [1201, 16],
    [640, 64],
    [3000, 4],
    [700, 6],
    [257, 100],
    [100, 1024],
  ] as const)
    normalizations('BatchNorm', count, n);
});

/** A normalization of rows (layer) or of columns (batch), and its gradients. */
function normalizations(kind: 'LayerNorm' | 'BatchNorm', count: number, n: number): void {
  const [x, dy, gamma, beta] = [numbers(count * n), numbers(count * n), numbers(n), numbers(n)];
  const isLayer = kind === 'LayerNorm';
  const [groups, size] = isLayer ? [count, n] : [n, count];
  const place = (group: number, i: number): number => (isLayer ? group * n + i : i * n + group);
  const column = (at: number): number => at % n;
  const [y, dx] = [new Float64Array(count * n), new Float64Array(count * n)];
  const [dGamma, dBeta] = [new Float64Array(n), new Float64Array(n)];
  for (let group = 0; group < groups; group++) {
    let [mean, variance, low, slope] = [0, 0, 0, 0];
    for (let i = 0; i < size; i++) mean += x[place(group, i)]! / size;
    for (let i = 0; i < size; i++) variance += (x[place(group, i)]! - mean) ** 2 / size;
    const inverse = 1 / Math.sqrt(variance + 1e-3);
    for (let i = 0; i < size; i++) {
      const at = place(group, i);
      const v = (x[at]! - mean) * inverse;
      y[at] = v * gamma[column(at)]! + beta[column(at)]!;
      low += (dy[at]! * gamma[column(at)]!) / size;
      slope += (dy[at]! * gamma[column(at)]! * v) / size;
      dGamma[column(at)]! += dy[at]! * v;
      dBeta[column(at)]! += dy[at]!;
    }
    for (let i = 0; i < size; i++) {
      const at = place(group, i);
      dx[at] = (dy[at]! * gamma[column(at)]! - low - (x[at]! - mean) * inverse * slope) * inverse;
    }
  }
  const tensors = { x: tf.tensor(x, [count, n]), gamma: tf.tensor(gamma), beta: tf.tensor(beta) };
  const [out, mean, second] = run(`Gradstream${kind}`, tensors, { epsilon: 1e-3 });
  const kept: Record<string, tf.Tensor> = isLayer
    ? { mean: mean!, inverse: second! }
    : { mean: mean!, variance: second! };
  const slopes = run(
    `Gradstream${kind}Gradient`,
    { dy: tf.tensor(dy, [count, n]), x: tensors.x, gamma: tensors.gamma, ...kept },
    { epsilon: 1e-3 },
  );
  check(`${kind} ${[count, n]}`, out!, y);
  for (const [index, wanted] of [dx, dGamma, dBeta].entries())
    check(`${kind}Gradient ${[count, n]} #${index}`, slopes[index]!, wanted);
}

const failures = rows.filter(({ off: gap }) => !(gap < 2e-5));
for (const { name, off: gap } of failures) console.log(`${name}: off by ${gap}`);
console.log(
  `tuned: ${rows.length} checked, ${failures.length} failed, largest ${Math.max(...rows.map((row) => row.off))}`,
);
console.log(about);
writeResult('tuned', { about, rows, failures });
process.exit(failures.length > 0 ? 1 : 0);
