// Convolutions by cuDNN beside own kernels: the same numbers for many shapes, and the times of those that networks have, in float32, TF32 and, own kernels alone, bf16.
import * as tf from '@tensorflow/tfjs-core';
import { off } from './off.js';
import { startCuda, writeResult } from './start.js';

const { backend } = await startCuda();
const { runtime } = backend;
const small = process.env['GPU_CHECK_SMALL'] !== undefined;
const library = process.env['GRADSTREAM_CUDNN'] || undefined;

/** A batch of images, a filter and how it goes over them. */
interface Shape {
  readonly name: string;
  readonly image: readonly [batch: number, height: number, width: number, channels: number];
  readonly filter: readonly [height: number, width: number, to: number];
  readonly stride?: number;
  readonly dilation?: number;
  readonly pad?: 'same' | 'valid';
}

type Numbers = 'float32' | 'TF32' | 'bf16';

/** Whose convolutions come next, and of what numbers. */
function take(dnn: boolean, numbers: Numbers): boolean {
  backend.useCublas({ library: false, tf32: numbers === 'TF32' });
  backend.usePrecision('float32');
  const used = backend.useCudnn(
    dnn ? { ...(library === undefined ? {} : { library }), every: true } : { library: false },
  );
  if (numbers === 'bf16') backend.usePrecision('mixedBfloat16');
  return used;
}

/** Turing has float32 alone of these. */
const kindsOfNumbers: readonly Numbers[] = backend.precisions.includes('mixedBfloat16')
  ? ['float32', 'TF32', 'bf16']
  : ['float32'];

const kinds = ['Conv2D', 'Conv2DBackpropInput', 'Conv2DBackpropFilter'] as const;

/** The three products of a shape, each as something that can be done again and again. */
function products({ image, filter, stride = 1, dilation = 1, pad = 'same' }: Shape): (() => tf.Tensor)[] {
  const filterShape = [filter[0], filter[1], image[3], filter[2]];
  const made = (shape: readonly number[], key: number): tf.Tensor =>
    tf
      .engine()
      .runKernel(
        'GradstreamUniform',
        { counter: tf.scalar(1, 'int32') },
        { shape: [...shape], min: -1, max: 1, keyLow: key, keyHigh: 2 },
      );
  const attrs = { strides: [stride, stride], dilations: [dilation, dilation], pad, dataFormat: 'NHWC' };
  const run = (name: string, inputs: Record<string, tf.Tensor>): tf.Tensor =>
    tf.engine().runKernel(name, inputs, { ...attrs, inputShape: [...image], filterShape } as never) as tf.Tensor;
  const [x, f] = [made(image, 1), made(filterShape, 2)];
  const y = run('Conv2D', { x, filter: f });
  const dy = made(y.shape, 3);
  y.dispose();
  return [
    () => run('Conv2D', { x, filter: f }),
    () => run('Conv2DBackpropInput', { dy, filter: f }),
    () => run('Conv2DBackpropFilter', { x, dy }),
  ];
}

/** Whether cuDNN did what `work` asked for: it alone turns filters round. */
function wasDnn(work: () => void): boolean {
  const own = runtime.launch;
  let turned = false;
  runtime.launch = (kernel, ...rest): void => {
    if (kernel.name === 'transpose_words') turned = true;
    own.call(runtime, kernel, ...rest);
  };
  try {
    work();
  } finally {
    runtime.launch = own;
  }
  return turned;
}

function timed(work: () => tf.Tensor): number {
  work().dispose();
  runtime.synchronize();
  let least = Infinity;
  for (let round = 0; round < (small ? 1 : 5); round++) {
    const start = performance.now();
    for (let repeat = 0; repeat < (small ? 1 : 20); repeat++) work().dispose();
    runtime.synchronize();
    least = Math.min(least, (performance.now() - start) / (small ? 1 : 20));
  }
  return least;
}

/** Odd sizes, strides, dilations and channels. */
const checked: readonly Shape[] = [
  { name: 'one', image: [2, 9, 8, 5], filter: [3, 3, 4] },
  { name: 'three channels', image: [2, 16, 16, 3], filter: [3, 3, 16] },
  { name: 'one channel', image: [3, 14, 15, 1], filter: [5, 5, 32] },
  { name: 'stride', image: [2, 17, 15, 16], filter: [3, 3, 32], stride: 2 },
  { name: 'stride, valid', image: [2, 16, 16, 24], filter: [3, 3, 40], stride: 2, pad: 'valid' },
  { name: 'stride, padded unevenly', image: [2, 16, 16, 24], filter: [3, 3, 40], stride: 2 },
  { name: 'dilation', image: [2, 14, 13, 12], filter: [3, 3, 20], dilation: 2 },
  { name: 'even filter', image: [2, 12, 12, 8], filter: [2, 4, 12], pad: 'valid' },
  { name: 'flat filter', image: [4, 1, 50, 16], filter: [1, 7, 24] },
  { name: '1 x 1 with a stride', image: [2, 15, 15, 64], filter: [1, 1, 128], stride: 2 },
  { name: 'large', image: [8, 16, 16, 128], filter: [3, 3, 160] },
];

/** What networks have: batch 512 of ResNet-20, 128 of the CNN, and 64 of one as ResNet-50, whose sizes are those of `from 128 channels on`. */
const timedShapes: readonly Shape[] = [
  { name: 'ResNet-20 first', image: [512, 32, 32, 3], filter: [3, 3, 16] },
  { name: 'ResNet-20 of 16', image: [512, 32, 32, 16], filter: [3, 3, 16] },
  { name: 'ResNet-20 of 32', image: [512, 16, 16, 32], filter: [3, 3, 32] },
  { name: 'ResNet-20 of 64', image: [512, 8, 8, 64], filter: [3, 3, 64] },
  { name: 'CNN first', image: [128, 28, 28, 1], filter: [3, 3, 32] },
  { name: 'CNN second', image: [128, 14, 14, 32], filter: [3, 3, 64] },
  { name: '56 x 56 of 64', image: [64, 56, 56, 64], filter: [3, 3, 64] },
  { name: '28 x 28 of 96', image: [64, 28, 28, 96], filter: [3, 3, 96] },
  { name: '28 x 28 of 128', image: [64, 28, 28, 128], filter: [3, 3, 128] },
  { name: '14 x 14 of 256', image: [64, 14, 14, 256], filter: [3, 3, 256] },
  { name: '7 x 7 of 512', image: [64, 7, 7, 512], filter: [3, 3, 512] },
  { name: '14 x 14 of 256, batch 1', image: [1, 14, 14, 256], filter: [3, 3, 256] },
];

/** The largest errors, by the largest number. */
const MOST = { float32: 2e-5, TF32: 5e-3, bf16: 0 } as const;
const rows: { name: string; off: number; dnn: boolean }[] = [];
const times: Record<string, unknown>[] = [];
const found = take(true, 'float32');
console.log(backend.detail);
if (found) {
  for (const numbers of kindsOfNumbers.filter((one) => one !== 'bf16'))
    for (const shape of checked)
      tf.tidy(() => {
        for (const [index, work] of products(shape).entries()) {
          take(true, numbers);
          let got: ArrayLike<number> = [];
          const dnn = wasDnn(() => void (got = work().dataSync()));
          take(false, numbers);
          const gap = off(got, work().dataSync());
          rows.push({ name: `${kinds[index]} ${shape.name} ${numbers}`, off: gap, dnn });
          if (!(gap < MOST[numbers])) console.log(`${kinds[index]} ${shape.name} ${numbers}: off by ${gap}`);
        }
      });
  for (const shape of small
    ? timedShapes.slice(0, 1).map((one) => ({ ...one, image: [2, 8, 8, 3] as const }))
    : timedShapes)
    tf.tidy(() => {
      for (const [index, work] of products(shape).entries()) {
        const row: Record<string, unknown> = { name: `${kinds[index]} ${shape.name}` };
        for (const numbers of kindsOfNumbers)
          for (const dnn of numbers === 'bf16' ? [false] : [true, false]) {
            take(dnn, numbers);
            const did = wasDnn(() => work().dispose());
            row[`${dnn ? 'cuDNN' : 'own'} ${numbers}`] = dnn && !did ? null : timed(work);
          }
        times.push(row);
        console.log(JSON.stringify(row));
      }
    });
}
const failures = rows.filter(({ name, off: gap }) => !(gap < MOST[name.endsWith('TF32') ? 'TF32' : 'float32']));
console.log(
  found
    ? `cudnn: ${rows.length} checked, ${rows.filter(({ dnn }) => dnn).length} of them its own, ${failures.length} failed`
    : 'cudnn: not used',
);
writeResult('cudnn', { about: backend.detail, found, rows, failures, times });
process.exit(failures.length > 0 ? 1 : 0);
