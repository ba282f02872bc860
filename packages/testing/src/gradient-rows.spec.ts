import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  checkGradientRow,
  checkGradientRowOn,
  gradientRow,
  rowsOn,
  runKernel,
  uncoveredKernels,
} from './gradient-rows.js';
import { withKernel } from './with-kernel.js';

const multiply = { kernelName: 'Multiply', inputsToSave: ['a', 'b'] };
const right: tf.GradFunc = (dy, [a, b]) => ({
  a: () => tf.mul(dy as tf.Tensor, b!),
  b: () => tf.mul(dy as tf.Tensor, a!),
});
const product = gradientRow('Multiply', (a, b) => tf.mul(a, b), [[2, 3], { shape: [2, 3], low: 1, high: 2 }]);

describe('gradient rows', () => {
  beforeAll(async () => {
    await tf.setBackend('cpu');
    tf.registerGradient({
      kernelName: 'Square',
      inputsToSave: ['x'],
      gradFunc: (dy, [x]) => ({ x: () => tf.mul(tf.mul(dy as tf.Tensor, x!), 2) }),
    });
  });
  afterAll(() => {
    tf.unregisterGradient('Square');
    tf.unregisterGradient('Multiply');
  });

  it('accept a right gradient', async () => {
    tf.registerGradient({ ...multiply, gradFunc: right });
    tf.registerGradient({
      kernelName: 'Reshape',
      inputsToSave: ['x'],
      gradFunc: (dy, [x]) => ({ x: () => tf.reshape(dy as tf.Tensor, x!.shape) }),
    });
    tf.registerGradient({
      kernelName: 'Concat',
      saveAllInputs: true,
      gradFunc: (dy) => ({ 0: () => tf.slice(dy as tf.Tensor, 0, 6), 1: () => tf.slice(dy as tf.Tensor, 6, 6) }),
    });
    await checkGradientRow(product);
    tf.unregisterGradient('Reshape');
    tf.unregisterGradient('Concat');
  });

  it('refuse a gradient that is wrong by one input', async () => {
    tf.registerGradient({
      ...multiply,
      gradFunc: (dy, [a, b]) => ({ ...right(dy, [a!, b!], {}), b: () => tf.neg(tf.mul(dy as tf.Tensor, a!)) }),
    });
    await expect(checkGradientRow({ ...product, second: false })).rejects.toThrow(/input 1, element 0/);
  });

  it('refuse a function that does not run the kernel', async () => {
    await expect(checkGradientRow({ ...product, kernel: 'Maximum' })).rejects.toThrow('ran Multiply, but not Maximum');
  });

  it('refuse a backend that gives other gradients', async () => {
    tf.registerGradient({ ...multiply, gradFunc: right });
    tf.registerBackend('other', () => tf.findBackendFactory('cpu')(), 0);
    tf.copyRegisteredKernels('cpu', 'other');
    const row = { ...product, inputs: [[2]], f: (x: tf.Tensor) => tf.square(x), kernel: 'Square' };
    await withKernel({ kernelName: 'Square', backendName: 'other', kernelFunc: () => tf.ones([2]) }, async () => {
      await expect(checkGradientRowOn('other', row)).rejects.toThrow(/Not all close/);
      expect(tf.getBackend()).toBe('cpu');
    });
    tf.removeBackend('other');
  });

  it('name what they do not cover', () => {
    expect(uncoveredKernels([{ kernelName: 'Multiply' }], [product])).toEqual([]);
    expect(uncoveredKernels([{ kernelName: 'Multiply' }, { kernelName: 'Add' }], [product])).toEqual(['Add']);
    expect(uncoveredKernels([], [product])).toEqual(['Multiply']);
  });

  it('leave out what a backend cannot run', () => {
    const row = { ...product, except: ['other'] };
    expect(rowsOn('other', [product, row])).toEqual([product]);
    expect(rowsOn('cpu', [product, row])).toEqual([product, row]);
  });

  it('run kernels by name', () => {
    expect(runKernel('Step', { x: tf.scalar(2) }, { alpha: 0 }).dataSync()[0]).toBe(1);
  });
});
