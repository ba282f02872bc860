// Times kernels and training steps, eager and captured, on the device. Each number is the least of several rounds, in milliseconds.
import * as tf from '@tensorflow/tfjs-core';
import { captureStep } from '@gradstream/backend-cuda';
import { cnn, mlp, recurrent, resnet, transformer } from './models.js';
import { startCuda, writeResult } from './start.js';
import { Training } from './training.js';

const { backend } = await startCuda();
const { runtime } = backend;
const small = process.env['GPU_CHECK_SMALL'] !== undefined;
const rows: Record<string, unknown>[] = [];
const only = process.argv[2];
const library = process.env['GRADSTREAM_CUBLAS'] || undefined;
const hasBlas = backend.useCublas({ ...(library === undefined ? {} : { library }) });
console.log(`cuBLAS: ${hasBlas ? (library ?? 'found') : 'not found'}`);
const withBlas = (use: boolean, tf32 = false, lt = true): boolean =>
  backend.useCublas(use ? { ...(library === undefined ? {} : { library }), tf32, lt } : { library: false, tf32 });

function timed(work: () => void, repeats: number, rounds = 5): number {
  work();
  runtime.synchronize();
  let least = Infinity;
  for (let round = 0; round < rounds; round++) {
    const start = performance.now();
    for (let repeat = 0; repeat < repeats; repeat++) work();
    runtime.synchronize();
    least = Math.min(least, (performance.now() - start) / repeats);
  }
  return least;
}

function row(name: string, milliseconds: number, more: object = {}): void {
  rows.push({ name, ms: milliseconds, ...more });
  console.log(`${name}: ${milliseconds.toFixed(4)} ms ${JSON.stringify(more)}`);
}

function attempt(name: string, work: () => void): void {
  if (only !== undefined && !name.startsWith(only)) return;
  try {
    tf.tidy(work);
  } catch (error) {
    rows.push({ name, error: String((error as Error).message) });
    console.log(`${name}: ${(error as Error).message}`);
  }
}

const n = small ? 2 ** 16 : 2 ** 26;
const repeats = small ? 2 : 20;
const made = (shape: number[]): tf.Tensor =>
  tf
    .engine()
    .runKernel(
      'GradstreamUniform',
      { counter: tf.scalar(1, 'int32') },
      { shape, min: -1, max: 1, keyLow: 1, keyHigh: 2 },
    );
const run = (name: string, inputs: tf.NamedTensorMap, attrs: object = {}): void =>
  tf.dispose(tf.engine().runKernel(name, inputs, { ...attrs } as never) as tf.Tensor);

/** A kernel that moves so many bytes. */
function moving(name: string, bytes: number, work: () => void): void {
  const ms = timed(work, repeats);
  row(name, ms, { GBs: Math.round(bytes / ms / 1e6) });
}

attempt('memory', () => {
  const [a, b] = [made([n]), made([n])];
  const to = tf.zeros([n]);
  const [from, into] = [backend.address(a), backend.address(to)];
  moving('memory copy', 8 * n, () => runtime.copy(from, into, 4 * n));
  moving('memory relu', 8 * n, () => run('Relu', { x: a }));
  moving('memory exp', 8 * n, () => run('Exp', { x: a }));
  moving('memory tanh', 8 * n, () => run('Tanh', { x: a }));
  moving('memory add', 12 * n, () => run('Add', { a, b }));
  const [matrix, bias] = [tf.reshape(a, [n / 256, 256]), made([256])];
  moving('memory add bias', 8 * n, () => run('Add', { a: matrix, b: bias }));
  moving('memory sum all', 4 * n, () => run('Sum', { x: a }, { axis: [0], keepDims: false }));
  moving('memory sum rows', 4 * n, () => run('Sum', { x: matrix }, { axis: [1], keepDims: false }));
  moving('memory sum columns', 4 * n, () => run('Sum', { x: matrix }, { axis: [0], keepDims: false }));
  moving('memory softmax 1024', 8 * n, () => run('Softmax', { logits: tf.reshape(a, [n / 1024, 1024]) }, { dim: -1 }));
  moving('memory transpose', 8 * n, () => run('Transpose', { x: tf.reshape(a, [n / 4096, 4096]) }, { perm: [1, 0] }));
  moving('memory dropout', 8 * n, () =>
    run('GradstreamDropout', { x: a, counter: tf.scalar(1, 'int32') }, { rate: 0.2, keyLow: 1, keyHigh: 2 }),
  );
  moving('memory layer norm 1024', 8 * n, () =>
    run('GradstreamLayerNorm', { x: tf.reshape(a, [n / 1024, 1024]) }, { epsilon: 1e-3 }),
  );
  moving('memory batch norm 64', 12 * n, () =>
    run('GradstreamBatchNorm', { x: tf.reshape(a, [n / 64, 64]) }, { epsilon: 1e-3 }),
  );
});

/** By whom products are made, and of what numbers: ` TF32` and ` bf16` stand in names as PyTorch's do. */
interface Way {
  readonly own: '' | ', own kernels';
  readonly numbers: '' | ' TF32' | ' bf16';
}
const ways: readonly Way[] = [
  ...(hasBlas ? (['', ' TF32', ' bf16'] as const).map((numbers): Way => ({ own: '', numbers })) : []),
  ...(['', ' TF32', ' bf16'] as const).map((numbers): Way => ({ own: ', own kernels', numbers })),
];
const take = ({ own, numbers }: Way): void => {
  withBlas(own === '', numbers === ' TF32');
  backend.usePrecision(numbers === ' bf16' ? 'mixedBfloat16' : 'float32');
};
for (const way of ways)
  for (const size of small ? [128] : [512, 1024, 2048, 4096, 8192])
    attempt(`gemm ${size}${way.numbers}${way.own}`, () => {
      take(way);
      const [a, b] = [made([size, size]), made([size, size])];
      const ms = timed(
        () => run('BatchMatMul', { a, b }, { transposeA: false, transposeB: false }),
        size > 2048 ? 5 : 20,
      );
      row(`gemm ${size}${way.numbers}${way.own}`, ms, { TFLOPS: Number(((2 * size ** 3) / ms / 1e9).toFixed(1)) });
    });

/** Dense layers with a bias and relu, by cuBLASLt in one launch, by cuBLAS and a launch that finishes, and by own kernels; twenty of them as a graph show the device's time. */
const LAYERS = 20;
for (const size of small
  ? [[104, 104, 104]]
  : [
      [2048, 2048, 2048],
      [128, 784, 256],
    ])
  for (const way of ways.flatMap((one) => [true, false].map((lt) => ({ ...one, lt })))) {
    if (way.own !== '' && !way.lt) continue;
    const [m, k, n] = size as [number, number, number];
    const name = `dense ${size.join(' x ')}${way.numbers}`;
    const suffix = `${way.own}${way.lt ? '' : ', cuBLAS and a launch'}`;
    attempt(`${name}${suffix}`, () => {
      take(way);
      if (way.own === '') withBlas(true, way.numbers === ' TF32', way.lt);
      const [a, b, bias] = [made([m, k]) as tf.Tensor2D, made([k, n]) as tf.Tensor2D, made([n])];
      const dense = (): tf.Tensor2D => tf.fused.matMul({ a, b, bias, activation: 'relu' }) as tf.Tensor2D;
      dense().dispose();
      const before = runtime.launches;
      dense().dispose();
      const launches = runtime.launches - before;
      row(
        `${name}${suffix}`,
        timed(() => dense().dispose(), LAYERS),
        { launches },
      );
      const captured = captureStep(() => tf.tidy(() => Array.from({ length: LAYERS }, dense).at(-1)!));
      row(`${name}, captured${suffix}`, timed(() => captured.run(), 5) / LAYERS, { reason: captured.reason, launches });
      captured.dispose();
    });
  }

attempt('launch', () => {
  const x = made([16]);
  row(
    'launch of a small kernel, host',
    timed(() => run('Relu', { x }), 2000),
  );
});

const profiles: Record<string, object> = {};

/** The milliseconds of each kernel in one step, waited for one by one: for their shares, not for their sum. */
function profile(name: string, step: () => void): void {
  const own = runtime.launch;
  const spent = new Map<string, [ms: number, count: number]>();
  runtime.launch = (kernel, ...rest): void => {
    runtime.synchronize();
    const start = performance.now();
    own.call(runtime, kernel, ...rest);
    runtime.synchronize();
    const [ms, count] = spent.get(kernel.name) ?? [0, 0];
    spent.set(kernel.name, [ms + performance.now() - start, count + 1]);
  };
  try {
    step();
  } finally {
    runtime.launch = own;
  }
  const sorted = [...spent]
    .toSorted(([, [a]], [, [b]]) => b - a)
    .map(([kernel, [ms, count]]) => [kernel, `${ms.toFixed(3)} ms, ${count}`]);
  profiles[name] = Object.fromEntries(sorted);
  console.log(
    `${name}, by kernel: ${sorted
      .slice(0, 12)
      .map(([kernel, share]) => `${kernel} ${share}`)
      .join('; ')}`,
  );
}

const tasks = small
  ? [mlp({ batch: 8, width: 16 }), cnn({ batch: 2, width: 4 })]
  : [
      mlp({ batch: 128, width: 256 }),
      cnn({ batch: 128, width: 32 }),
      resnet({ batch: 512, width: 16 }),
      recurrent({ batch: 64, width: 256 }),
      transformer({ batch: 16, width: 256 }),
    ];
for (const way of ways)
  for (const task of tasks) {
    if (only !== undefined && !'step'.startsWith(only)) continue;
    const name = `step ${task.name} batch ${task.batch}${way.numbers === ' bf16' ? ' bf16' : ''}`;
    const suffix = `${way.numbers === ' TF32' ? ' TF32' : ''}${way.own}`;
    take(way);
    try {
      const training = new Training(task);
      const eager = (): void => {
        training.step().dispose();
        training.counter.advance();
      };
      for (let warm = 0; warm < 3; warm++) eager();
      const before = runtime.launches;
      eager();
      const launches = runtime.launches - before;
      row(`${name}, eager${suffix}`, timed(eager, small ? 2 : 20, 3), { launches });
      if (way.own !== '' && way.numbers !== ' TF32') profile(name, eager);
      void training.counter.tensor;
      const captured = training.capture();
      row(
        `${name}, captured${suffix}`,
        timed(() => captured.run(), small ? 2 : 50, 3),
        { captured: captured.isCaptured, reason: captured.reason },
      );
      if (captured.isCaptured) {
        const fed = (): void => {
          training.feed(captured);
          captured.run();
        };
        row(`${name}, captured, with its batch${suffix}`, timed(fed, small ? 2 : 50, 3));
      }
      captured.dispose();
    } catch (error) {
      rows.push({ name: `${name}${suffix}`, error: String((error as Error).stack).slice(0, 600) });
      console.log(`${name}: ${(error as Error).stack}`);
    }
  }
withBlas(hasBlas);
writeResult('speed', { detail: backend.detail, rows, profiles, memory: backend.memory() });
process.exit(0);
