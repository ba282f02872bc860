import { keyedDropout, registerGradients, StepCounter } from '@gradstream/autodiff';
import type { WasmSimdBackend } from '@gradstream/backend-wasm';
import { syntheticDigits } from '@gradstream/datasets';
import { dense, dropout, flatten, sequential } from '@gradstream/layers';
import { compile } from '@gradstream/trainer';
import * as tf from '@tensorflow/tfjs-core';
import { useBackend } from 'gradstream';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

/** Names and shapes of a network's weights. */
type Weights = Readonly<Record<string, readonly number[]>>;

/** A network in plain operations: its loss is a function of weights alone, its inputs are constants. */
interface Network {
  readonly weights: Weights;
  readonly loss: (w: Readonly<Record<string, tf.Tensor>>) => tf.Tensor;
}

/** Numbers that are the same at each run, of about the size that an initializer gives. */
function numbers(shape: readonly number[], seed: number): tf.Tensor {
  const size = shape.reduce((product, count) => product * count, 1);
  const scale = 1 / Math.sqrt(shape.length > 1 ? size / shape.at(-1)! : 4);
  return tf.tensor(
    Float32Array.from({ length: size }, (_, index) => scale * Math.sin((index + 1) * 12.9898 + seed * 78.233)),
    [...shape],
  );
}

const crossEntropy = (labels: tf.Tensor, logits: tf.Tensor): tf.Tensor =>
  tf.neg(tf.mean(tf.sum(tf.mul(labels, tf.logSoftmax(logits)), -1)));

const layerNorm = (x: tf.Tensor, scale: tf.Tensor, offset: tf.Tensor): tf.Tensor => {
  const { mean, variance } = tf.moments(x, -1, true);
  return tf.add(tf.mul(tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, 1e-5))), scale), offset);
};

const gelu = (x: tf.Tensor): tf.Tensor => tf.mul(tf.mul(x, 0.5), tf.add(1, tf.erf(tf.div(x, Math.SQRT2))));
const tanhGelu = (x: tf.Tensor): tf.Tensor =>
  tf.mul(tf.mul(x, 0.5), tf.add(1, tf.tanh(tf.mul(Math.sqrt(2 / Math.PI), tf.add(x, tf.mul(0.044715, tf.pow(x, 3)))))));

const counter = new StepCounter();

const labels = (rows: number, classes: number): tf.Tensor =>
  tf.oneHot(tf.range(0, rows, 1, 'int32'), classes, 1, 0, 'float32');

const networks: Readonly<Record<string, Network>> = {
  'a convolutional network with batch normalization': {
    weights: { k1: [3, 3, 3, 8], k2: [3, 3, 8, 1], k3: [1, 1, 8, 16], gamma: [16], beta: [16], d: [4 * 4 * 16, 10] },
    loss: (w) => {
      const x = numbers([4, 16, 16, 3], 1) as tf.Tensor4D;
      let y: tf.Tensor = tf.relu(tf.conv2d(x, w['k1'] as tf.Tensor4D, 1, 'same'));
      y = tf.maxPool(y as tf.Tensor4D, 2, 2, 'same');
      y = tf.depthwiseConv2d(y as tf.Tensor4D, w['k2'] as tf.Tensor4D, 1, 'same');
      y = tf.conv2d(y as tf.Tensor4D, w['k3'] as tf.Tensor4D, 1, 'valid');
      const { mean, variance } = tf.moments(y, [0, 1, 2]);
      y = tf.mul(tf.sub(y, mean), tf.rsqrt(tf.add(variance, 1e-3)));
      y = tf.add(tf.mul(y, w['gamma']!), w['beta']!);
      y = tf.avgPool(tf.relu6(y) as tf.Tensor4D, 2, 2, 'same');
      y = keyedDropout(tf.reshape(y, [4, 4 * 4 * 16]), 0.2, { low: 1, high: 2 }, counter);
      return crossEntropy(labels(4, 10), tf.matMul(y as tf.Tensor2D, w['d'] as tf.Tensor2D));
    },
  },
  'a network of a convolution in one dimension and a transposed one': {
    weights: { k: [3, 4, 8], t: [3, 3, 2, 8] },
    loss: (w) => {
      const line = tf.conv1d(numbers([2, 12, 4], 2) as tf.Tensor3D, w['k'] as tf.Tensor3D, 2, 'same');
      const image: tf.Tensor4D = tf.reshape(line, [2, 2, 3, 8]);
      const up = tf.conv2dTranspose(image, w['t'] as tf.Tensor4D, [2, 4, 6, 2], 2, 'same');
      return tf.add(tf.mean(tf.square(line)), tf.mean(tf.abs(up)));
    },
  },
  'an LSTM': {
    weights: { kernel: [5, 32], recurrent: [8, 32], bias: [32], out: [8, 3] },
    loss: (w) => {
      const steps = tf.unstack(numbers([4, 6, 5], 4), 1);
      let [h, c]: tf.Tensor[] = [tf.zeros([4, 8]), tf.zeros([4, 8])];
      const states: tf.Tensor[] = [];
      for (const x of steps) {
        const z = tf.add(
          tf.add(
            tf.matMul(x as tf.Tensor2D, w['kernel'] as tf.Tensor2D),
            tf.matMul(h as tf.Tensor2D, w['recurrent'] as tf.Tensor2D),
          ),
          w['bias']!,
        );
        const [i, f, g, o] = tf.split(z, 4, 1) as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
        c = tf.add(tf.mul(tf.sigmoid(f), c!), tf.mul(tf.sigmoid(i), tf.tanh(g)));
        h = tf.mul(tf.sigmoid(o), tf.tanh(c));
        states.push(h);
      }
      const sequence = tf.reverse(tf.stack(states, 1), 1);
      const last = tf.reshape(tf.slice(sequence, [0, 0, 0], [4, 1, 8]), [4, 8]);
      const mask = tf.lessEqual(tf.range(0, 4), 2);
      const kept = tf.where(tf.logicalAnd(tf.expandDims(mask, 1), tf.ones([1, 8], 'bool')), last, tf.zerosLike(last));
      return crossEntropy(labels(4, 3), tf.matMul(kept as tf.Tensor2D, w['out'] as tf.Tensor2D));
    },
  },
  'a small Transformer': {
    weights: {
      table: [11, 8],
      q: [8, 2, 4],
      k: [8, 2, 4],
      v: [8, 2, 4],
      o: [2, 4, 8],
      s1: [8],
      b1: [8],
      up: [8, 16],
      down: [16, 8],
    },
    loss: (w) => {
      const tokens = tf.tensor2d([1, 4, 4, 0, 9, 10, 2, 2, 3, 1], [2, 5], 'int32');
      const place = tf.expandDims(tf.range(0, 5), 1);
      const rate = tf.expandDims(tf.exp(tf.mul(tf.range(0, 4), -0.7)), 0);
      const positions = tf.concat([tf.sin(tf.mul(place, rate)), tf.cos(tf.mul(place, rate))], 1);
      const x = tf.add(tf.gather(w['table']!, tokens), positions);
      const n = layerNorm(x, w['s1']!, w['b1']!);
      const project = (kernel: tf.Tensor): tf.Tensor =>
        tf.transpose(
          tf.reshape(tf.matMul(tf.reshape(n, [10, 8]), tf.reshape(kernel, [8, 8])), [2, 5, 2, 4]),
          [0, 2, 1, 3],
        );
      const scores = tf.mul(tf.matMul(project(w['q']!), project(w['k']!), false, true), 0.5);
      const causal = tf.lessEqual(tf.expandDims(tf.range(0, 5), 0), tf.expandDims(tf.range(0, 5), 1));
      const masked = tf.where(
        tf.broadcastTo(tf.cast(causal, 'bool'), [2, 2, 5, 5]),
        scores,
        tf.fill([2, 2, 5, 5], -1e9),
      );
      const mixed = tf.matMul(tf.softmax(masked), project(w['v']!));
      const joined = tf.reshape(tf.transpose(mixed, [0, 2, 1, 3]), [10, 8]);
      const attended = tf.add(x, tf.reshape(tf.matMul(joined as tf.Tensor2D, tf.reshape(w['o']!, [8, 8])), [2, 5, 8]));
      const inner = tf.matMul(tf.reshape(attended, [10, 8]), w['up'] as tf.Tensor2D);
      const fed = tf.matMul(tf.add(gelu(inner), tanhGelu(inner)) as tf.Tensor2D, w['down'] as tf.Tensor2D);
      const logits = tf.matMul(fed as tf.Tensor2D, w['table'] as tf.Tensor2D, false, true);
      return crossEntropy(tf.oneHot(tf.reshape(tokens, [10]), 11, 1, 0, 'float32'), logits);
    },
  },
  'embeddings that are summed by segment': {
    weights: { table: [13, 6], out: [6, 4] },
    loss: (w) => {
      const ids = tf.tensor1d([1, 5, 5, 12, 0, 3, 3, 3], 'int32');
      const rows = tf.gather(w['table']!, ids);
      const bags = tf.unsortedSegmentSum(rows as tf.Tensor2D, tf.tensor1d([0, 0, 1, 1, 2, 2, 3, 3], 'int32'), 4);
      const squashed = tf.div(tf.cumsum(bags, 0), tf.add(1, tf.abs(bags)));
      const scaled = tf.mul(squashed, tf.expandDims(tf.prod(tf.add(2, tf.square(squashed)), 1), 1));
      return crossEntropy(labels(4, 4), tf.matMul(scaled as tf.Tensor2D, w['out'] as tf.Tensor2D));
    },
  },
};

/** The loss and all gradients on the active backend. */
function step({ weights, loss }: Network): Readonly<Record<string, number[]>> {
  const variables = Object.fromEntries(
    Object.entries(weights).map(([name, shape], index) => [name, tf.variable(numbers(shape, index + 5))]),
  );
  const { value, grads } = tf.variableGrads(() => loss(variables) as tf.Scalar);
  const results: Record<string, number[]> = { loss: [...value.dataSync()] };
  for (const [name, variable] of Object.entries(variables)) results[name] = [...grads[variable.name]!.dataSync()];
  tf.dispose([value, grads]);
  for (const variable of Object.values(variables)) variable.dispose();
  return results;
}

const simd = (): WasmSimdBackend => tf.findBackend('wasm-simd') as WasmSimdBackend;

beforeAll(async () => {
  registerGradients();
  await useBackend('wasm-simd');
});
beforeEach(() => simd().resetFallbacks());
afterAll(() => tf.setBackend('wasm-simd'));

describe('a training step on wasm-simd runs own kernels only, with the numbers of the cpu backend:', () => {
  it.each(Object.entries(networks))('%s', async (_, network) => {
    await useBackend('wasm-simd');
    const own = tf.tidy(() => step(network) as unknown as tf.TensorContainer) as unknown as ReturnType<typeof step>;
    expect(simd().fallbacks()).toEqual({});
    await useBackend('cpu');
    const cpu = tf.tidy(() => step(network) as unknown as tf.TensorContainer) as unknown as ReturnType<typeof step>;
    for (const [name, values] of Object.entries(cpu)) {
      expect(own[name]).toHaveLength(values.length);
      const scale = Math.max(...values.map(Math.abs));
      expect(scale, name).toBeGreaterThan(0);
      for (const [index, value] of values.entries())
        expect(Math.abs(own[name]![index]! - value), `${name}[${index}]`).toBeLessThan(
          1e-5 * Math.max(scale, 1e-3) * 10,
        );
    }
  });

  it('the digits network, with its optimizer, dropout, metric and data', async () => {
    await useBackend('wasm-simd');
    const { train } = await syntheticDigits({ seed: 3, train: 320, test: 1 });
    const model = sequential(
      [
        flatten({ inputShape: [28, 28] }),
        dense(64, { activation: 'relu' }),
        dropout(0.1),
        dense(10, { activation: 'softmax' }),
      ],
      { seed: 7 },
    );
    const trainer = compile(model, { optimizer: 'adam', loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
    await trainer.fit(train.batch(32));
    trainer.dispose();
    model.dispose();
    expect(simd().fallbacks()).toEqual({});
  });
});
