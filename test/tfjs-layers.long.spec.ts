import { registerGradients } from '@gradstream/autodiff';
import type { WasmSimdBackend } from '@gradstream/backend-wasm';
import type { HostArray } from '@gradstream/core';
import { syntheticDigits } from '@gradstream/datasets';
import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { useBackend } from 'gradstream';
import { beforeAll, describe, expect, it } from 'vitest';

const STEPS = 50;
/** Small: the cpu backend takes a second for a step of the MNIST example with 8. */
const BATCH = 4;

/** Models as programs for tfjs-layers have them: nothing in them knows of this backend. */
const models: Readonly<Record<string, () => layers.LayersModel>> = {
  // The convolutional network of the MNIST example of TensorFlow.js.
  'the MNIST example': () => {
    const convolution = (filters: number, inputShape?: number[]): layers.layers.Layer =>
      layers.layers.conv2d({
        ...(inputShape ? { inputShape } : {}),
        kernelSize: 5,
        filters,
        strides: 1,
        activation: 'relu',
        kernelInitializer: 'varianceScaling',
      });
    const pooling = (): layers.layers.Layer => layers.layers.maxPooling2d({ poolSize: [2, 2], strides: [2, 2] });
    const model = layers.sequential({
      layers: [convolution(8, [28, 28, 1]), pooling(), convolution(16), pooling(), layers.layers.flatten()],
    });
    model.add(layers.layers.dense({ units: 10, kernelInitializer: 'varianceScaling', activation: 'softmax' }));
    model.compile({ optimizer: tf.train.adam(), loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
    return model;
  },
  'a small network with batch normalization and separable convolutions': () => {
    const model = layers.sequential();
    model.add(
      layers.layers.conv2d({ inputShape: [28, 28, 1], kernelSize: 3, filters: 8, strides: 2, padding: 'same' }),
    );
    model.add(layers.layers.batchNormalization());
    model.add(layers.layers.activation({ activation: 'relu' }));
    model.add(layers.layers.separableConv2d({ kernelSize: 3, filters: 12, padding: 'same', activation: 'elu' }));
    model.add(layers.layers.averagePooling2d({ poolSize: [2, 2] }));
    model.add(layers.layers.globalAveragePooling2d({}));
    model.add(layers.layers.dense({ units: 10, activation: 'softmax' }));
    model.compile({ optimizer: tf.train.rmsprop(0.003), loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
    return model;
  },
  'an LSTM over the rows of the image': () => {
    const model = layers.sequential();
    model.add(layers.layers.reshape({ inputShape: [28, 28, 1], targetShape: [28, 28] }));
    model.add(layers.layers.lstm({ units: 16, recurrentInitializer: 'glorotNormal' }));
    model.add(layers.layers.dense({ units: 10, activation: 'softmax' }));
    model.compile({ optimizer: tf.train.adam(), loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
    return model;
  },
};

let images: Float32Array;
let classes: Int32Array;

beforeAll(async () => {
  registerGradients();
  const { train } = await syntheticDigits({ seed: 5, train: STEPS * BATCH, test: 1 });
  for await (const batch of train.batch(STEPS * BATCH).iterate(0)) {
    images = Float32Array.from((batch.x as HostArray).values as Float32Array);
    classes = Int32Array.from((batch.y as HostArray).values as Int32Array);
  }
});

/** Losses of the steps, from the same weights on each backend. */
async function losses(backend: string, make: () => layers.LayersModel): Promise<number[]> {
  await useBackend(backend);
  const model = make();
  const weights = tf.tidy(() =>
    model.getWeights().map((weight, seed) => {
      const kept = weight.dataSync();
      const isMatrix = weight.rank > 1;
      // What is no kernel keeps its zeros and ones.
      const scale = Math.sqrt((2 * weight.shape.at(-1)!) / weight.size);
      return tf.tensor(
        kept.map((value, index) => (isMatrix ? scale * Math.sin(index * 12.9898 + seed) : value)),
        weight.shape,
      );
    }),
  );
  model.setWeights(weights);
  tf.dispose(weights);
  const seen: number[] = [];
  for (let step = 0; step < STEPS; step++) {
    const x = tf.tensor4d(images.subarray(step * BATCH * 784, (step + 1) * BATCH * 784), [BATCH, 28, 28, 1]);
    const labels = tf.tensor1d(classes.subarray(step * BATCH, (step + 1) * BATCH), 'int32');
    const y = tf.oneHot(labels, 10, 1, 0, 'float32');
    const [loss] = (await model.trainOnBatch(x, y)) as number[];
    seen.push(loss!);
    tf.dispose([x, labels, y]);
  }
  model.dispose();
  model.optimizer.dispose();
  return seen;
}

describe('a program for tfjs-layers trains unchanged, with the losses of the cpu backend:', () => {
  it.each(Object.entries(models))(
    '%s',
    async (_, make) => {
      const cpu = await losses('cpu', make);
      await useBackend('wasm-simd');
      const backend = tf.findBackend('wasm-simd') as WasmSimdBackend;
      backend.resetFallbacks();
      const simd = await losses('wasm-simd', make);
      expect(backend.fallbacks()).toEqual({});
      // It learns: what is equal is not a constant.
      const mean = (part: readonly number[]): number => part.reduce((sum, loss) => sum + loss, 0) / part.length;
      expect(mean(cpu.slice(-15))).toBeLessThan(mean(cpu.slice(0, 5)));
      for (const [step, loss] of cpu.entries()) expect(Math.abs(simd[step]! - loss), `step ${step}`).toBeLessThan(1e-4);
    },
    300_000,
  );
});
