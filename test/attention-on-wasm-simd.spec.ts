import { registerGradients, StepCounter, valueAndGradients } from '@gradstream/autodiff';
import type { WasmSimdBackend } from '@gradstream/backend-wasm';
import { randomKey } from '@gradstream/core';
import {
  add,
  apply,
  batchNormalization,
  dense,
  input,
  layerNormalization,
  model,
  multiHeadAttention,
} from '@gradstream/layers';
import type { Model } from '@gradstream/layers';
import { kernelCounts } from '@gradstream/testing';
import * as tf from '@tensorflow/tfjs-core';
import { useBackend } from 'gradstream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/** A block of a Transformer: attention and a feed-forward part, each with its layer normalization. */
function block(): Model {
  const x = input({ shape: [6, 8], name: 'x' });
  const attended = apply(multiHeadAttention(2, 4, { useCausalMask: true, dropout: 0.1 }), [x, x]);
  const h = apply(add(), [x, attended]).pipe(layerNormalization());
  const fed = h.pipe(dense(16, { activation: 'relu' }), dense(8));
  return model({ inputs: x, outputs: apply(add(), [h, fed]).pipe(layerNormalization()), seed: 4 });
}

function normalized(): Model {
  const x = input({ shape: [5, 5, 3], name: 'x' });
  return model({ inputs: x, outputs: x.pipe(batchNormalization(), batchNormalization()), seed: 4 });
}

const step = new StepCounter(2);
afterAll(() => step.dispose());

/** The loss of one training step and all gradients. */
function train(net: Model): Record<string, number[]> {
  return tf.tidy(() => {
    const [, ...shape] = net.inputs[0]!.shape as number[];
    const x = tf.tensor(
      Float32Array.from({ length: 4 * shape.reduce((size, one) => size * one, 1) }, (_, i) => Math.sin(i * 1.7)),
      [4, ...shape],
    );
    const trained = net.weights
      .filter(({ trainable }) => trainable)
      .map(({ path, variable }) => [path, variable] as const);
    const { value, gradients } = valueAndGradients(() => {
      const { outputs } = net.run([x], { training: true, key: randomKey(5), step, update: () => {} });
      return tf.sum(tf.mul(outputs[0]!, tf.tanh(tf.add(outputs[0]!, x)))) as tf.Scalar;
    }, Object.fromEntries(trained));
    return Object.fromEntries(
      Object.entries({ ...gradients, value }).map(([name, tensor]) => [name, [...tensor.dataSync()]]),
    );
  });
}

describe('on wasm-simd', () => {
  beforeAll(async () => {
    await useBackend('wasm-simd');
    registerGradients();
  });

  it.each([
    ['a Transformer block', block],
    ['batch normalization', normalized],
  ])('%s trains as on cpu, without kernels of another backend', async (_, make) => {
    const backend = tf.backend() as WasmSimdBackend;
    const own = make();
    backend.resetFallbacks();
    const theirs = train(own);
    expect(backend.fallbacks()).toEqual({});
    const before = tf.memory().numTensors;
    train(own);
    expect(tf.memory().numTensors).toBe(before);
    own.dispose();
    await useBackend('cpu');
    const plain = make();
    const expected = train(plain);
    plain.dispose();
    await useBackend('wasm-simd');
    expect(Object.keys(theirs)).toEqual(Object.keys(expected));
    for (const [name, values] of Object.entries(expected)) {
      for (const [index, value] of values.entries())
        expect(Math.abs(theirs[name]![index]! - value), `${name} ${index}`).toBeLessThan(5e-5 * (1 + Math.abs(value)));
    }
  });

  it('normalization is one kernel forward and one backward', async () => {
    const net = normalized();
    train(net);
    const counts = await kernelCounts(() => void train(net));
    expect(counts).toMatchObject({ GradstreamBatchNorm: 2, GradstreamBatchNormGradient: 2 });
    const x = tf.ones([1, 5, 5, 3]);
    const inference = await kernelCounts(() => net.apply(x).dispose());
    expect(inference).toMatchObject({ FusedBatchNorm: 2 });
    for (const name of ['Mean', 'Sub', 'Rsqrt', 'RealDiv']) {
      expect(counts[name], name).toBeUndefined();
      expect(inference[name], name).toBeUndefined();
    }
    x.dispose();
    net.dispose();
  });

  it('a Transformer block is few kernels', async () => {
    const net = block();
    train(net);
    const counts = await kernelCounts(() => void train(net));
    expect(counts).toMatchObject({
      GradstreamLayerNorm: 2,
      GradstreamLayerNormGradient: 2,
      GradstreamDense: 6,
      Softmax: 1,
    });
    expect(counts.Transpose).toBeLessThanOrEqual(8);
    net.dispose();
  });
});
