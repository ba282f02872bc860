import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { kernelCounts, withKernel, withoutKernel } from './with-kernel.js';

const nine = { kernelName: 'Square', backendName: 'cpu', kernelFunc: (): tf.Tensor => tf.scalar(9) };

describe('withKernel', () => {
  beforeAll(() => tf.setBackend('cpu'));

  it('replaces a kernel for the time of the body, also of one that throws', async () => {
    await withKernel(nine, () => expect(tf.square(2).dataSync()[0]).toBe(9));
    expect(tf.square(2).dataSync()[0]).toBe(4);
    await expect(
      withKernel(nine, () => {
        throw new Error('stop');
      }),
    ).rejects.toThrow('stop');
    expect(tf.square(2).dataSync()[0]).toBe(4);
  });

  it('registers a kernel that was not there and removes it again', async () => {
    await withKernel({ ...nine, kernelName: 'Nine' }, () =>
      expect(tf.engine().runKernel<tf.Tensor>('Nine', {}).dataSync()[0]).toBe(9),
    );
    expect(() => tf.engine().runKernel('Nine', {})).toThrow(/not registered/);
  });

  it('takes a kernel away for the time of the body', async () => {
    await withoutKernel('Square', 'cpu', () => expect(() => tf.square(2)).toThrow(/not registered/));
    expect(tf.square(2).dataSync()[0]).toBe(4);
  });

  it('counts kernels', async () => {
    const counts = await kernelCounts(() => tf.tidy(() => void tf.add(tf.square(2), tf.square(3))));
    expect(counts).toEqual({ Square: 2, Add: 1 });
  });
});
