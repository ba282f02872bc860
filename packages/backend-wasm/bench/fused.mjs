import * as tf from '@tensorflow/tfjs-core';
import { alternate, backends, row } from './measure.mjs';

const N = 1_000_000;

/**
 * Fused kernels on a million values, beside a copy of as many bytes as the kernel reads and writes: microseconds, GB/s of those bytes, and the share of
 * the copy's speed. The last column is how much longer single kernels of tfjs take for the same, where there are any.
 */
export async function fused() {
  const { one } = await backends();
  const run = (name, inputs, attributes) => tf.dispose(tf.engine().runKernel(name, inputs, attributes));
  const key = { keyLow: 1, keyHigh: 2 };
  const adam = { beta1: 0.9, beta2: 0.999, epsilon: 1e-7 };
  const values = () => tf.randomUniform([N], 0.1, 1);
  const tensors = {};
  for (const name of ['one', 'two']) {
    await tf.setBackend(name);
    const side = {
      x: values(),
      g: values(),
      m: values(),
      v: values(),
      w: values(),
      counter: tf.scalar(1, 'int32'),
      sum: tf.scalar(1),
      rate: tf.scalar(-1e-3),
      channels: tf.fill([64], 1),
    };
    side.images = tf.reshape(tf.slice(side.x, [0], [15_625 * 64]), [15_625, 64]);
    side.features = tf.reshape(tf.slice(side.x, [0], [1000 * 768]), [1000, 768]);
    side.logits = tf.reshape(side.x, [N / 10, 10]);
    side.labels = tf.reshape(side.g, [N / 10, 10]);
    for (const tensor of Object.values(side)) tensor.dataSync();
    tensors[name] = side;
  }
  /** Name, floats moved to and from memory, the kernel, and the same with single kernels. */
  const work = [
    [
      'Adam',
      6 * N,
      ({ g, m, v, sum, rate }) =>
        run('GradstreamAdam', { gradient0: g, m0: m, v0: v, mWeight: sum, vWeight: sum, after: rate }, adam),
      ({ g, m, v, sum, rate }) =>
        tf.tidy(() => {
          const newM = tf.add(tf.mul(m, 0.9), g);
          const newV = tf.add(tf.mul(v, 0.999), tf.square(g));
          tf.mul(tf.div(newM, tf.add(tf.sqrt(newV), 1e-7)), tf.mul(rate, tf.div(tf.sqrt(sum), sum)));
        }),
    ],
    ['SGD with momentum', 4 * N, ({ g, v }) => run('GradstreamSgd', { gradient0: g, v0: v }, { momentum: 0.9 })],
    ['RMSprop', 4 * N, ({ g, v }) => run('GradstreamRmsprop', { gradient0: g, v0: v }, { rho: 0.9, epsilon: 1e-7 })],
    ['Lion', 4 * N, ({ g, m }) => run('GradstreamLion', { gradient0: g, m0: m }, { beta1: 0.9, beta2: 0.99 })],
    ['global norm', N, ({ g }) => run('GradstreamGlobalNorm', { x0: g }, { limit: 1 })],
    ['uniform', N, ({ counter }) => run('GradstreamUniform', { counter }, { ...key, shape: [N], min: 0, max: 1 })],
    [
      'uniform from -1',
      N,
      ({ counter }) => run('GradstreamUniform', { counter }, { ...key, shape: [N], min: -1, max: 1 }),
    ],
    ['normal', N, ({ counter }) => run('GradstreamNormal', { counter }, { ...key, shape: [N], mean: 0, deviation: 1 })],
    ['dropout', 2 * N, ({ x, counter }) => run('GradstreamDropout', { x, counter }, { ...key, rate: 0.5 })],
    ['statistics', N, ({ x }) => run('GradstreamStatistics', { x }, {})],
    [
      'relu gradient',
      3 * N,
      ({ g, x }) => run('GradstreamActivationGradient', { dy: g, y: x }, { activation: 'relu' }),
    ],
    [
      'cross-entropy, 10 classes',
      3 * N,
      ({ labels, logits }) => run('GradstreamSoftmaxCrossEntropy', { labels, logits }, {}),
    ],
    [
      'layer normalization, 768',
      2 * 768_000,
      ({ features }) => run('GradstreamLayerNorm', { x: features }, { epsilon: 1e-3 }),
      ({ features }) =>
        tf.tidy(() => {
          const { mean, variance } = tf.moments(features, 1, true);
          tf.mul(tf.sub(features, mean), tf.rsqrt(tf.add(variance, 1e-3)));
        }),
    ],
    [
      'batch normalization, 64',
      3 * N,
      ({ images }) => run('GradstreamBatchNorm', { x: images }, { epsilon: 1e-3 }),
      ({ images }) =>
        tf.tidy(() => {
          const { mean, variance } = tf.moments(images, 0, true);
          tf.mul(tf.sub(images, mean), tf.rsqrt(tf.add(variance, 1e-3)));
        }),
    ],
    [
      '  its gradient',
      5 * N,
      ({ images, channels }) =>
        run(
          'GradstreamBatchNormGradient',
          { dy: images, x: images, mean: channels, variance: channels },
          { epsilon: 1e-3 },
        ),
    ],
    [
      'FusedBatchNorm, 64',
      2 * N,
      ({ images, channels }) =>
        run('FusedBatchNorm', { x: images, mean: channels, variance: channels }, { varianceEpsilon: 1e-3 }),
    ],
  ];
  row('1M float32, microseconds', ['one', 'two', 'GB/s', 'of copy', 'single']);
  const { runtime } = one;
  const [from, to] = [runtime.heap.allocate(3 * N * 4), runtime.heap.allocate(3 * N * 4)];
  // Pages that nobody has written are one page of zeros in the cache: a copy of them would be too fast.
  for (const block of [from, to]) new Float32Array(runtime.memory.buffer, block, 3 * N).fill(1);
  for (const [label, floats, kernel, single] of work) {
    const functions = {
      copy: () => runtime.wasm.copyVectors(from, to, floats * 2),
      one: () => kernel(tensors.one),
      two: () => kernel(tensors.two),
    };
    if (single !== undefined) functions.single = () => single(tensors.one);
    const best = await alternate(functions, {
      rounds: 9,
      before: (name) => tf.setBackend(name === 'two' ? 'two' : 'one'),
    });
    row(label, [
      (best.one * 1000).toFixed(0),
      (best.two * 1000).toFixed(0),
      ((floats * 4) / best.one / 1e6).toFixed(1),
      `${((100 * best.copy) / best.one).toFixed(0)} %`,
      best.single === undefined ? '' : `${(best.single / best.one).toFixed(1)}x`,
    ]);
  }
}
