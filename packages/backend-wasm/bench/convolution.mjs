import {
  convolution as convolve,
  fusedDense,
  registerGradients,
  sparseSoftmaxCrossEntropy,
  valueAndGradients,
  view,
} from '@gradstream/autodiff';
import * as tf from '@tensorflow/tfjs-core';
import { alternate, backends, row } from './measure.mjs';
import { torch } from './torch.mjs';

const dense = [
  ['28x28x1 3x3x32, batch 128', [128, 28, 28, 1], [3, 3, 1, 32], 1, 'valid'],
  ['13x13x32 3x3x64, batch 128', [128, 13, 13, 32], [3, 3, 32, 64], 1, 'valid'],
  ['56x56x64 3x3x64', [1, 56, 56, 64], [3, 3, 64, 64], 1, 'same'],
  ['14x14x256 3x3x256', [1, 14, 14, 256], [3, 3, 256, 256], 1, 'same'],
  ['224x224x3 7x7x64, stride 2', [1, 224, 224, 3], [7, 7, 3, 64], 2, 'same'],
  ['56x56x64 1x1x256', [1, 56, 56, 64], [1, 1, 64, 256], 1, 'same'],
];
const depthwise = [
  ['112x112x32 3x3, each channel', [1, 112, 112, 32], [3, 3, 32, 1], 1, 'same'],
  ['14x14x512 3x3, each channel', [1, 14, 14, 512], [3, 3, 512, 1], 1, 'same'],
];

/** GFLOP/s of each convolution and its two gradients, counted as multiplications and additions of the forward pass. */
export async function convolution() {
  await backends();
  row('convolution, GFLOP/s', ['y', 'y, two', 'y, peer', 'dx', 'dx, two', 'dw', 'dw, two']);
  for (const [cases, isDepthwise] of [
    [dense, false],
    [depthwise, true],
  ]) {
    for (const [label, xShape, filterShape, stride, pad] of cases) {
      const info = tf.backend_util.computeConv2DInfo(xShape, filterShape, stride, 1, pad, undefined, isDepthwise);
      const size = (shape) => shape.reduce((product, length) => product * length, 1);
      const taps = size(filterShape.slice(0, 2)) * (isDepthwise ? 1 : filterShape[2]);
      const flops = 2 * size(info.outShape) * taps;
      const attrs = { strides: [stride, stride], pad, dataFormat: 'NHWC', dilations: [1, 1] };
      const name = isDepthwise ? 'DepthwiseConv2dNative' : 'Conv2D';
      const sides = {};
      for (const side of ['one', 'two', 'wasm']) {
        await tf.setBackend(side);
        const [x, filter, dy] = [xShape, filterShape, info.outShape].map((shape) => tf.randomNormal(shape));
        const run = (kernel, inputs, more) => () =>
          tf.dispose(tf.engine().runKernel(kernel, inputs, { ...attrs, ...more }));
        sides[`y ${side}`] = run(name, { x, filter });
        if (side === 'wasm') continue; // it has no gradient of the filter, and that of the input is scalar code
        sides[`dx ${side}`] = run(`${name}BackpropInput`, { dy, filter }, { inputShape: xShape });
        sides[`dw ${side}`] = run(`${name}BackpropFilter`, { x, dy }, { filterShape });
      }
      const before = (side) => tf.setBackend(side.split(' ')[1]);
      const best = await alternate(sides, { rounds: 9, before });
      const columns = ['y one', 'y two', 'y wasm', 'dx one', 'dx two', 'dw one', 'dw two'];
      row(
        label,
        columns.map((column) => (flops / best[column] / 1e6).toFixed(1)),
      );
    }
  }
}

const BATCH = 128;

/** A convolutional network's step as PyTorch's users write it, eager: the best time in milliseconds with one and two threads. */
const PYTORCH = `
import json, time, torch
from torch import nn
result = {'version': torch.__version__}
for threads in (1, 2):
    torch.set_num_threads(threads)
    torch.manual_seed(0)
    model = nn.Sequential(nn.Conv2d(1, 32, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(1600, 10))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
    x, y = torch.rand(${BATCH}, 1, 28, 28), torch.randint(0, 10, (${BATCH},))
    best = 1e9
    for step in range(60):
        start = time.perf_counter()
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(x), y).backward()
        optimizer.step()
        best = min(best, time.perf_counter() - start)
    result[str(threads)] = best * 1000
print(json.dumps(result))
`;

/** One step of conv 3x3x32, pool, conv 3x3x64, pool, dense 10 on images of 28 x 28 with gradstream's operations and gradients, and SGD. */
export function cnnStep() {
  const normal = (shape, deviation) => tf.variable(tf.randomNormal(shape, 0, deviation));
  const weights = {
    filter1: normal([3, 3, 1, 32], 0.3),
    bias1: tf.variable(tf.zeros([32])),
    filter2: normal([3, 3, 32, 64], 0.08),
    bias2: tf.variable(tf.zeros([64])),
    kernel: normal([1600, 10], 0.03),
    bias: tf.variable(tf.zeros([10])),
  };
  const rate = tf.scalar(0.01);
  const x = tf.randomUniform([BATCH, 28, 28, 1]);
  const labels = tf.mod(tf.range(0, BATCH, 1, 'int32'), tf.scalar(10, 'int32'));
  const block = (input, filter, bias) =>
    tf.maxPool(convolve({ x: input, filter, bias, activation: 'relu' }), 2, 2, 'valid');
  const loss = () => {
    const first = block(x, weights.filter1, weights.bias1);
    const second = view(block(first, weights.filter2, weights.bias2), [BATCH, 1600]);
    return tf.mean(sparseSoftmaxCrossEntropy(labels, fusedDense({ x: second, ...weights })));
  };
  return () => {
    tf.tidy(() => {
      const { gradients } = valueAndGradients(loss, weights);
      for (const name in weights) weights[name].assign(tf.sub(weights[name], tf.mul(gradients[name], rate)));
    });
  };
}

/** The step of a convolutional network, beside PyTorch. */
export async function cnn() {
  const { one } = await backends();
  registerGradients();
  const sides = {};
  for (const side of ['one', 'two']) {
    await tf.setBackend(side);
    sides[side] = cnnStep();
  }
  const options = { rounds: 7, milliseconds: 250, before: (side) => tf.setBackend(side) };
  // PyTorch runs between two rounds of ours: its best and our best meet the same machine.
  const first = await alternate(sides, options);
  const peer = await torch(PYTORCH);
  const second = await alternate(sides, options);
  const again = peer && (await torch(PYTORCH));
  const ours = { one: Math.min(first.one, second.one), two: Math.min(first.two, second.two) };
  row(`CNN step, batch ${BATCH}, ms`, ['ours', 'PyTorch', 'ours/PyTorch']);
  for (const [threads, side] of [
    [1, 'one'],
    [2, 'two'],
  ]) {
    const best = peer && Math.min(peer[threads], again[threads]);
    row(`${threads} thread${threads === 1 ? '' : 's'}`, [
      ours[side].toFixed(1),
      best?.toFixed(1) ?? '-',
      best === undefined ? '-' : `${(ours[side] / best).toFixed(2)}x`,
    ]);
  }
  console.log(peer ? `PyTorch ${peer.version}, eager` : 'no Python with PyTorch found; PYTHON names one');
  await tf.setBackend('one');
  const backend = tf.backend();
  backend.resetFallbacks();
  sides.one();
  console.log('fallbacks in one step:', backend.fallbacks(), one.detail);
}
