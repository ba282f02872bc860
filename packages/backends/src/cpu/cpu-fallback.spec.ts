import * as tf from '@tensorflow/tfjs-core';
import { afterEach, expect, it } from 'vitest';
import { quiet } from './cpu-backend.js';
import { fallbackCounts, standIn, registerFallbacks } from './cpu-fallback.js';

const NAME = 'pretended';
afterEach(() => {
  for (const { kernelName } of tf.getKernelsForBackend(NAME)) tf.unregisterKernel(kernelName, NAME);
});

it('runs the kernel of cpu on copies, counts, and frees what it made', async () => {
  const cpu = await import('@tensorflow/tfjs-backend-cpu');
  registerFallbacks(NAME, ['Unpack', 'Add'], { found: cpu });
  const host = new cpu.MathBackendCPU();
  quiet(host);
  const backend = Object.assign(host, {
    makeOutput: (shape: number[], dtype: tf.DataType, _: null, values: tf.TypedArray) =>
      host.makeTensorInfo(shape, dtype, values),
  });
  const x = host.makeTensorInfo([2, 2], 'float32', new Float32Array([1, 2, 3, 4]));
  const { kernelFunc } = tf.getKernel('Unpack', NAME);
  const outputs = kernelFunc({ inputs: { value: x }, backend, attrs: { axis: 0 } }) as tf.TensorInfo[];
  expect(outputs.map(({ dataId }) => Array.from(host.readSync(dataId) as Float32Array))).toEqual([
    [1, 2],
    [3, 4],
  ]);
  expect(host.numDataIds()).toBe(3);
  expect(standIn(kernelFunc)).toBe('served');
  expect(fallbackCounts()).toMatchObject({ Unpack: 1, Add: 0 });
});

it('without the cpu package says what to install, when the kernel is needed', () => {
  registerFallbacks(NAME, ['UnsortedSegmentSum'], {
    reason: 'The package is not installed',
    remedy: 'Run: npm install it',
  });
  const { kernelFunc } = tf.getKernel('UnsortedSegmentSum', NAME);
  expect(standIn(kernelFunc)).toBe('missing');
  expect(() => kernelFunc({ inputs: {}, backend: {}, attrs: {} })).toThrow(
    /GS_BACKEND_KERNEL[\s\S]*UnsortedSegmentSum[\s\S]*Run: npm install it/,
  );
});

it('leaves a kernel alone that the backend has', async () => {
  const own = (): tf.TensorInfo[] => [];
  tf.registerKernel({ kernelName: 'Add', backendName: NAME, kernelFunc: own });
  registerFallbacks(NAME, ['Add'], { found: await import('@tensorflow/tfjs-backend-cpu') });
  expect(tf.getKernel('Add', NAME).kernelFunc).toBe(own);
  expect(standIn(own)).toBe(undefined);
});
