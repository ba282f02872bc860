import * as tf from '@tensorflow/tfjs-core';
import { alternate, backends, row } from './measure.mjs';

const N = 1_000_000;

/** Elementwise functions and reductions of a million values: microseconds, and bytes a second beside a copy of the same bytes. */
export async function elementwise() {
  await backends();
  const work = {
    neg: (x) => tf.neg(x),
    relu: (x) => tf.relu(x),
    add: (x, y) => tf.add(x, y),
    'add scalar': (x) => tf.add(x, 1),
    'add a row': (x, y, row_) => tf.add(tf.reshape(x, [1000, 1000]), row_),
    div: (x, y) => tf.div(x, y),
    exp: (x) => tf.exp(x),
    log: (x, y) => tf.log(y),
    tanh: (x) => tf.tanh(x),
    sigmoid: (x) => tf.sigmoid(x),
    'sum of all': (x) => tf.sum(x),
    'sum over rows': (x) => tf.sum(tf.reshape(x, [1000, 1000]), 1),
    'sum over columns': (x) => tf.sum(tf.reshape(x, [1000, 1000]), 0),
    max: (x) => tf.max(x),
    softmax: (x) => tf.softmax(tf.reshape(x, [1000, 1000])),
    transpose: (x) => tf.transpose(tf.reshape(x, [1000, 1000])),
  };
  row('1M float32, microseconds', ['one', 'two', 'peer', 'one/peer', 'of copy']);
  const sides = {};
  for (const name of ['one', 'two', 'wasm']) {
    await tf.setBackend(name);
    sides[name] = [tf.randomUniform([N], -4, 4), tf.randomUniform([N], 0.1, 4), tf.randomUniform([1000], -1, 1)];
  }
  const { runtime } = tf.findBackend('one');
  const [from, to] = [runtime.heap.allocate(N * 4), runtime.heap.allocate(N * 4)];
  for (const [label, f] of Object.entries(work)) {
    const run = (name) => () => tf.dispose(tf.tidy(() => f(...sides[name])));
    const best = await alternate(
      { copy: () => runtime.wasm.copyVectors(from, to, N * 4), one: run('one'), two: run('two'), wasm: run('wasm') },
      { rounds: 9, before: (name) => tf.setBackend(name === 'copy' ? 'one' : name) },
    );
    const micro = (time) => (time * 1000).toFixed(0);
    row(label, [
      micro(best.one),
      micro(best.two),
      micro(best.wasm),
      `${(best.wasm / best.one).toFixed(2)}x`,
      `${((100 * best.copy) / best.one).toFixed(0)} %`,
    ]);
  }
}
