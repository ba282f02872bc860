import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { registerGradients } from '../register-gradients.js';
import { allGradients } from './all-gradients.js';
import { WITHOUT_GRADIENT, withoutGradientGradients } from './without-gradient.js';

await tf.setBackend('cpu');
registerGradients();

/** tfjs-core exports the name of each of its kernels under that name. */
const kernels = Object.entries(tf)
  .filter(([name, value]) => value === name)
  .map(([name]) => name);

describe('the kernels of tfjs-core', () => {
  it('are as many as ever', () => expect(kernels).toHaveLength(180));

  it.each(kernels)('%s has a gradient, or a reason for having none', (kernel) => {
    expect(allGradients.filter(({ kernelName }) => kernelName === kernel)).toHaveLength(1);
    const reason = WITHOUT_GRADIENT[kernel];
    if (reason !== undefined) expect(reason).toMatch(/^[A-Z].{20,}[^.]$/);
  });

  it('with a reason are kernels', () => {
    for (const kernel of Object.keys(WITHOUT_GRADIENT)) expect(kernels).toContain(kernel);
    expect(withoutGradientGradients.map(({ kernelName }) => kernelName)).toEqual(Object.keys(WITHOUT_GRADIENT));
  });

  it('say so when they lie in the way', () => {
    const magnitude = (x: tf.Tensor): tf.Tensor => tf.abs(tf.spectral.fft(tf.complex(x, tf.zerosLike(x))));
    expect(() => tf.grad(magnitude)(tf.tensor1d([1, 2]))).toThrow(
      expect.objectContaining({ code: 'GS_AUTODIFF_NO_GRADIENT', received: 'ComplexAbs' }),
    );
    expect(() => tf.grad((x) => tf.unique(x).values)(tf.tensor1d([1, 2, 1]))).toThrow(
      expect.objectContaining({ code: 'GS_AUTODIFF_NO_GRADIENT', received: 'Unique' }),
    );
  });
});
