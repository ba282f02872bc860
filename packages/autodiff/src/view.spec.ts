import { memory, mul, square, sum, tensor, variable, type Scalar } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { describe, expect, it } from 'vitest';
import { registerGradients } from './register-gradients.js';
import { valueAndGradients } from './value-and-gradients.js';
import { view } from './view.js';

registerGradients();

describe('view', () => {
  it('shares the data and gives another shape', async () => {
    const x = tensor([1, 2, 3, 4, 5, 6], [2, 3]);
    const y = view(x, [3, 2]);
    expect(y.shape).toEqual([3, 2]);
    expect(y.dataId).toBe(x.dataId);
    x.dispose();
    expect(await y.data()).toEqual(Float32Array.of(1, 2, 3, 4, 5, 6));
    y.dispose();
  });

  it('passes gradients through and leaves nothing behind', async () => {
    const w = variable(tensor([1, 2, 3, 4], [2, 2]));
    const before = memory().numTensors;
    const { value, gradients } = valueAndGradients(
      () => sum(mul(square(view(w, [4])), tensor([1, 10, 100, 1000]))) as Scalar,
      { w },
    );
    expect(gradients['w']!.shape).toEqual([2, 2]);
    expect(await gradients['w']!.data()).toEqual(Float32Array.of(2, 40, 600, 8000));
    value.dispose();
    gradients['w']!.dispose();
    expect(memory().numTensors).toBe(before);
    w.dispose();
  });

  it('refuses a shape of another size', () => {
    const x = tensor([1, 2, 3]);
    expect(() => view(x, [2, 2])).toThrow('another number of elements');
    x.dispose();
  });
});
