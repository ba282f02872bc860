import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { cpuBackend } from './cpu/cpu-backend.js';
import { memoryReport } from './memory-report.js';

it('counts tensors and bytes, and starts no backend', async () => {
  expect(memoryReport()).toEqual({ numTensors: 0, bytes: 0, backend: null });
  await cpuBackend().start();
  const x = tf.tensor1d([1, 2, 3]);
  const y = tf.reshape(x, [3, 1]);
  expect(memoryReport()).toEqual({ numTensors: 2, bytes: 24, backend: 'cpu' });
  tf.dispose([x, y]);
  expect(memoryReport()).toEqual({ numTensors: 0, bytes: 0, backend: 'cpu' });
});
