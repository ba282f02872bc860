import '@tensorflow/tfjs-backend-cpu';
import { grad, memory, mul, sum, tensor, variable, type Scalar } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { registerGradients } from './register-gradients.js';
import { valueAndGradients } from './value-and-gradients.js';
import { wholeMean } from './whole-mean.js';

registerGradients();

describe('wholeMean', () => {
  it('is the mean of all elements', async () => {
    const x = tensor([1, 2, 3, 6], [2, 2]);
    const y = wholeMean(x);
    expect(y.shape).toEqual([]);
    expect(await y.data()).toEqual(Float32Array.of(3));
    x.dispose();
    y.dispose();
  });

  it('gives each element its part of the gradient and leaves nothing behind', async () => {
    const w = variable(tensor([1, 2, 3, 6], [2, 2]));
    const before = memory().numTensors;
    const { value, gradients } = valueAndGradients(() => mul(wholeMean(mul(w, w)), 2) as Scalar, { w });
    expect(gradients['w']!.shape).toEqual([2, 2]);
    expect(await gradients['w']!.data()).toEqual(Float32Array.of(1, 2, 3, 6));
    value.dispose();
    gradients['w']!.dispose();
    expect(memory().numTensors).toBe(before);
    w.dispose();
  });

  it('has second derivatives', async () => {
    const x = tensor([1, 2]);
    const first = grad((v) => wholeMean(mul(v, mul(v, v))));
    const second = grad((v) => sum(first(v)));
    // Of x^3 / 2: 3 x.
    expect(await second(x).data()).toEqual(Float32Array.of(3, 6));
  });
});
