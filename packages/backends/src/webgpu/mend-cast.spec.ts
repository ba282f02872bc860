import { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { mendCast } from './mend-cast.js';

let products = 0;

/** The cpu backend under the name, which counts products: they are what converts on webgpu. */
beforeAll(async () => {
  if (tf.findBackendFactory('webgpu') !== null) tf.removeBackend('webgpu');
  tf.registerBackend('webgpu', () => Object.assign(new MathBackendCPU(), { firstUse: false }));
  for (const { kernelName } of tf.getKernelsForBackend('webgpu')) tf.unregisterKernel(kernelName, 'webgpu');
  tf.copyRegisteredKernels('cpu', 'webgpu');
  const { kernelFunc } = tf.getKernel('Multiply', 'cpu');
  tf.unregisterKernel('Multiply', 'webgpu');
  tf.registerKernel({
    kernelName: 'Multiply',
    backendName: 'webgpu',
    kernelFunc: (call) => (products++, kernelFunc(call)),
  });
  mendCast();
  mendCast();
  await tf.setBackend('webgpu');
});
afterAll(() => tf.removeBackend('webgpu'));

it.each<[tf.DataType, tf.DataType, number[], number]>([
  ['int32', 'float32', [-3, 2 ** 24, 0], 1],
  ['bool', 'float32', [1, 0, 1], 1],
  ['float32', 'int32', [-3, 5, 0], 0],
  ['float32', 'float32', [0.5, 5, 0], 0],
])('casts %s to %s', (from, to, values, times) => {
  const before = tf.memory().numTensors;
  products = 0;
  tf.tidy(() => {
    const y = tf.cast(tf.tensor1d(values, from as 'int32'), to);
    expect([[...y.dataSync()], y.dtype]).toEqual([values, to]);
  });
  expect([products, tf.memory().numTensors]).toEqual([times, before]);
});
