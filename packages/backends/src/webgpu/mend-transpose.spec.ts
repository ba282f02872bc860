import { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { mendTranspose } from './mend-transpose.js';

/** The cpu backend under the name, with a transpose for floats alone. */
beforeAll(async () => {
  if (tf.findBackendFactory('webgpu') !== null) tf.removeBackend('webgpu');
  tf.registerBackend('webgpu', () => Object.assign(new MathBackendCPU(), { firstUse: false }));
  for (const { kernelName } of tf.getKernelsForBackend('webgpu')) tf.unregisterKernel(kernelName, 'webgpu');
  tf.copyRegisteredKernels('cpu', 'webgpu');
  const { kernelFunc } = tf.getKernel('Transpose', 'cpu');
  tf.unregisterKernel('Transpose', 'webgpu');
  tf.registerKernel({
    kernelName: 'Transpose',
    backendName: 'webgpu',
    kernelFunc: (call) => {
      if (call.inputs['x']!.dtype !== 'float32') throw new Error('the shader does not compile');
      return kernelFunc(call);
    },
  });
  mendTranspose();
  mendTranspose();
  await tf.setBackend('webgpu');
});
afterAll(() => tf.removeBackend('webgpu'));

it('moves whole numbers, truth values and floats', () => {
  const numbers = [0, -1, 2 ** 24, -(2 ** 24), 7, -8];
  const before = tf.memory().numTensors;
  tf.tidy(() => {
    const transposed = (dtype: 'int32' | 'bool' | 'float32', values: number[]): [number[], string] => {
      const y = tf.transpose(tf.tensor(values, [1, 2, 3], dtype), [2, 0, 1]);
      return [[...y.dataSync()], y.dtype];
    };
    const order = [0, 3, 1, 4, 2, 5];
    expect(transposed('int32', numbers)).toEqual([order.map((index) => numbers[index]), 'int32']);
    expect(transposed('bool', [1, 0, 0, 1, 1, 0])).toEqual([[1, 1, 0, 1, 0, 0], 'bool']);
    expect(transposed('float32', [1, 2, 3, 4, 5, 6])).toEqual([[1, 4, 2, 5, 3, 6], 'float32']);
  });
  expect(tf.memory().numTensors).toBe(before);
});
