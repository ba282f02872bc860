import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import '@tensorflow/tfjs-backend-cpu';
import { afterAll, expect, it } from 'vitest';
import { registerWasmSimd } from '../../wasm-simd.js';
import type { WasmSimdBackend } from '../../index.js';

afterAll(() => tf.removeBackend('training'));

/** The losses of 30 steps of a small network of tfjs-layers: dense and depthwise convolutions, both kinds of pooling. */
async function losses(backend: string): Promise<number[]> {
  await tf.setBackend(backend);
  const seeds = { kernelInitializer: layers.initializers.glorotUniform({ seed: 3 }) };
  const model = layers.sequential({
    layers: [
      layers.layers.conv2d({ inputShape: [12, 12, 1], filters: 16, kernelSize: 3, activation: 'relu', ...seeds }),
      layers.layers.maxPooling2d({ poolSize: 2 }),
      layers.layers.conv2d({ filters: 16, kernelSize: 3, padding: 'same', ...seeds }),
      layers.layers.depthwiseConv2d({
        kernelSize: 3,
        padding: 'same',
        activation: 'relu',
        depthwiseInitializer: layers.initializers.glorotUniform({ seed: 5 }),
      }),
      layers.layers.averagePooling2d({ poolSize: 2 }),
      layers.layers.flatten(),
      layers.layers.dense({ units: 4, ...seeds }),
    ],
  });
  const pixel = (index: number): number => Math.sin(index * 12.9898);
  const x = tf.tensor4d(
    Float32Array.from({ length: 8 * 144 }, (_, index) => pixel(index)),
    [8, 12, 12, 1],
  );
  const labels = tf.oneHot(tf.tensor1d([0, 1, 2, 3, 0, 1, 2, 3], 'int32'), 4, 1, 0, 'float32');
  const optimizer = tf.train.momentum(0.05, 0.9);
  const result: number[] = [];
  for (let step = 0; step < 30; step++) {
    const loss = optimizer.minimize(
      () => tf.losses.softmaxCrossEntropy(labels, model.apply(x, { training: true }) as tf.Tensor) as tf.Scalar,
      true,
    );
    result.push(loss!.dataSync()[0]!);
    loss!.dispose();
  }
  tf.dispose([x, labels]);
  model.dispose();
  return result;
}

it('trains a convolutional network of tfjs-layers as tfjs-backend-cpu does, without its kernels', async () => {
  const backend: WasmSimdBackend = await registerWasmSimd('training', undefined, 2);
  const got = await losses('training');
  expect(backend.fallbacks()).toEqual({});
  const expected = await losses('cpu');
  expect(expected.at(-1)).toBeLessThan(expected[0]! * 0.95);
  for (const [step, loss] of got.entries()) expect(Math.abs(loss - expected[step]!)).toBeLessThan(1e-4);
}, 60_000);
