import * as tf from '@tensorflow/tfjs-core';
import { alternate, backends, row } from './measure.mjs';
import { torchTurns } from './torch.mjs';

const N = 1_000_000;

/** What is measured: the label, floats moved to and from memory in all, the operation on (x, y, a row), and the same in PyTorch. */
const work = [
  ['neg', 2 * N, (x) => tf.neg(x), 'torch.neg(x)'],
  ['relu', 2 * N, (x) => tf.relu(x), 'torch.relu(x)'],
  ['add', 3 * N, (x, y) => tf.add(x, y), 'x + y'],
  ['add scalar', 2 * N, (x) => tf.add(x, 1), 'x + 1'],
  ['add a row', 2 * N, (x, y, line) => tf.add(tf.reshape(x, [1000, 1000]), line), 'x.view(1000, 1000) + line'],
  ['div', 3 * N, (x, y) => tf.div(x, y), 'x / y'],
  ['exp', 2 * N, (x) => tf.exp(x), 'torch.exp(x)'],
  ['log', 2 * N, (x, y) => tf.log(y), 'torch.log(y)'],
  ['tanh', 2 * N, (x) => tf.tanh(x), 'torch.tanh(x)'],
  ['sigmoid', 2 * N, (x) => tf.sigmoid(x), 'torch.sigmoid(x)'],
  ['sum of all', N, (x) => tf.sum(x), 'x.sum()'],
  ['sum over rows', N, (x) => tf.sum(tf.reshape(x, [1000, 1000]), 1), 'x.view(1000, 1000).sum(1)'],
  ['sum over columns', N, (x) => tf.sum(tf.reshape(x, [1000, 1000]), 0), 'x.view(1000, 1000).sum(0)'],
  ['max', N, (x) => tf.max(x), 'x.max()'],
  [
    'softmax, rows of 1000',
    2 * N,
    (x) => tf.softmax(tf.reshape(x, [1000, 1000])),
    'torch.softmax(x.view(1000, 1000), 1)',
  ],
  ['softmax, rows of 10', 2 * N, (x) => tf.softmax(tf.reshape(x, [N / 10, 10])), 'torch.softmax(x.view(-1, 10), 1)'],
  ['transpose', 2 * N, (x) => tf.transpose(tf.reshape(x, [1000, 1000])), 'x.view(1000, 1000).t().contiguous()'],
];
const SETUP = `x = torch.rand(${N}) * 8 - 4; y = torch.rand(${N}) * 3.9 + 0.1; line = torch.rand(1000)`;

/**
 * Elementwise functions and reductions of a million values on one and two threads, beside tfjs-backend-wasm and PyTorch on one thread: microseconds. The copy
 * is a loop of 128-bit loads and stores over as many bytes as the function reads and writes, from one tensor's block to another's.
 */
export async function elementwise() {
  const { one } = await backends();
  const torch = await torchTurns();
  row('1M float32, microseconds', ['copy', 'one', 'two', 'peer', 'PyTorch', 'one/peer', 'of copy']);
  const sides = {};
  for (const name of ['one', 'two', 'wasm']) {
    await tf.setBackend(name);
    sides[name] = [tf.randomUniform([N], -4, 4), tf.randomUniform([N], 0.1, 4), tf.randomUniform([1000], -1, 1)];
    for (const tensor of sides[name]) tensor.dataSync();
  }
  const { runtime } = one;
  const copyOf = (floats) => () => {
    const [from, to] = [one.address(sides.one[0]), one.output([N], 'float32')];
    const at = one.address(to);
    // Half of the floats are read and half of them written; three halves of a tensor in two goes.
    for (let left = floats / 2; left > 0; left -= N) runtime.wasm.copyVectors(from, at, Math.min(left, N) * 4);
    one.disposeData(to.dataId);
  };
  for (const [label, floats, f, python] of work) {
    const run = (name) => () => tf.dispose(tf.tidy(() => f(...sides[name])));
    const best = await alternate(
      {
        ...{ copy: copyOf(floats), one: run('one'), two: run('two'), wasm: run('wasm') },
        ...(torch === undefined ? {} : { torch: torch.side(SETUP, python) }),
      },
      { rounds: 9, before: (name) => tf.setBackend(name === 'copy' ? 'one' : name) },
    );
    const micro = (time) => (time === undefined ? '-' : (time * 1000).toFixed(0));
    row(label, [
      ...[best.copy, best.one, best.two, best.wasm, best.torch].map(micro),
      `${(best.wasm / best.one).toFixed(2)}x`,
      `${((100 * best.copy) / best.one).toFixed(0)} %`,
    ]);
  }
}
