import '@tensorflow/tfjs-backend-cpu';
import { foldIn, randomKey } from '@gradstream/core';
import { expectAllClose, gradientCheck, kernelCounts } from '@gradstream/testing';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { fusedDense } from './fused-dense.js';
import { gradientCheckpoint } from './gradient-checkpoint.js';
import { keyedDropout } from './keyed-dropout.js';
import { keyedNormal } from './keyed-normal.js';
import { registerGradients } from './register-gradients.js';
import { StepCounter } from './step-counter.js';
import { valueAndGradients } from './value-and-gradients.js';

registerGradients();
beforeAll(() => tf.setBackend('cpu'));

const key = randomKey(5);
const weights = (name: string): tf.Variable =>
  tf.variable(keyedNormal([8, 8], foldIn(key, name), 0, { deviation: 0.4 }));
const input = (): tf.Tensor => keyedNormal([16, 8], key, 1);
const block =
  (kernel: tf.Variable) =>
  (x: tf.Tensor): tf.Tensor => {
    let y = x;
    for (let layer = 0; layer < 6; layer++) y = fusedDense({ x: tf.tanh(y), kernel });
    return y;
  };
type Wrap = (f: (x: tf.Tensor) => tf.Tensor) => (x: tf.Tensor) => tf.Tensor;
const plain: Wrap = (f) => f;
const checkpointed: Wrap = (f) => gradientCheckpoint(f);

/** A loss over three blocks, its gradients, and the bytes that were alive when the forward pass was done. */
function train(wrap: Wrap): { value: number; gradients: Record<string, Float32Array>; bytes: number } {
  const variables = { a: weights('a'), b: weights('b'), c: weights('c') };
  const x = input();
  const before = tf.memory();
  let bytes = 0;
  const { value, gradients } = valueAndGradients(() => {
    let y = x;
    for (const kernel of Object.values(variables)) y = tf.tidy(() => wrap(block(kernel))(y));
    const loss = tf.mean(tf.square(y)) as tf.Scalar;
    bytes = tf.memory().numBytes - before.numBytes;
    return loss;
  }, variables);
  expect(tf.memory().numTensors).toBe(before.numTensors + 4);
  const result = {
    value: value.dataSync()[0]!,
    gradients: Object.fromEntries(Object.entries(gradients).map(([name, one]) => [name, one.dataSync<'float32'>()])),
    bytes,
  };
  tf.dispose([value, gradients, x, variables]);
  return result;
}

describe('gradientCheckpoint', () => {
  it('gives the same bits and keeps less', () => {
    const [kept, again] = [train(plain), train(checkpointed)];
    expect(again.value).toBe(kept.value);
    expect(again.gradients).toEqual(kept.gradients);
    expect(again.bytes).toBeLessThan(kept.bytes / 3);
  });

  it('works inside itself', () => {
    const nested: Wrap = (f) => gradientCheckpoint((x) => gradientCheckpoint(f)(gradientCheckpoint(f)(x)));
    const twice: Wrap = (f) => (x) => f(f(x));
    const [kept, again] = [train(twice), train(nested)];
    // The parts of a sum are added up in another order.
    for (const [name, gradient] of Object.entries(kept.gradients)) expectAllClose(again.gradients[name]!, gradient);
    expect(again.bytes).toBeLessThan(kept.bytes / 5);
  });

  it('draws the same dropout again', () => {
    const counter = new StepCounter(3);
    const drop: Wrap = (f) => (x) =>
      keyedDropout(f(keyedDropout(x, 0.3, key, counter)), 0.5, foldIn(key, 'b'), counter);
    const [kept, again] = [train(drop), train((f) => gradientCheckpoint(drop(f)))];
    expect(again.gradients).toEqual(kept.gradients);
    counter.dispose();
  });

  it('agrees with finite differences, in second derivatives too', () => {
    const f = gradientCheckpoint((x: tf.Tensor, y: tf.Tensor) => tf.mul(tf.sin(x), tf.exp(tf.mul(x, y))));
    const inputs = [tf.tensor1d([0.3, -0.7]), tf.tensor1d([0.5, 0.2])];
    gradientCheck(f, inputs);
    const gradients = (x: tf.Tensor, y: tf.Tensor): tf.Tensor => tf.concat(tf.grads(f)([x, y]));
    gradientCheck(gradients as typeof f, inputs, { tolerance: { absolute: 2e-3, relative: 2e-3 } });
  });

  it('computes wanted gradients alone, in one more run', async () => {
    const [x, y] = [tf.ones([2, 2]), tf.ones([2, 2])];
    const f = gradientCheckpoint((a: tf.Tensor, b: tf.Tensor) => tf.matMul(a, tf.matMul(a, b)));
    const one = await kernelCounts(() => tf.tidy(() => void tf.grad((b: tf.Tensor) => f(x, b))(y)));
    expect(one['BatchMatMul']).toBe(2 + 2 + 2);
    const both = await kernelCounts(() => tf.tidy(() => void tf.grads(f)([x, y])));
    expect(both['BatchMatMul']).toBe(2 + 2 + 4);
  });

  it('takes an input twice, whole numbers, and inputs that it does not use', () => {
    const table = tf.variable(tf.tensor2d([1, 2, 3, 4], [2, 2]));
    const rows = tf.tensor1d([1, 1, 0], 'int32');
    const f = gradientCheckpoint((ids: tf.Tensor, a: tf.Tensor, b: tf.Tensor, _unused: tf.Tensor) =>
      tf.mul(tf.gather(table, ids as tf.Tensor1D), tf.mul(a, b)),
    );
    const { value, gradients } = valueAndGradients(
      () => {
        const scale = tf.sum(table);
        return tf.sum(f(rows, scale, scale, scale));
      },
      { table },
    );
    // sum(gathered) s^2: by an element, its count s^2 + 2 s sum(gathered).
    expectAllClose(value, 17 * 100);
    expectAllClose(gradients['table']!, [100 + 340, 100 + 340, 200 + 340, 200 + 340]);
    tf.dispose([value, gradients, table, rows]);
  });

  it('hands an input through', () => {
    expectAllClose(tf.grad(gradientCheckpoint((x: tf.Tensor) => x))(tf.tensor1d([1, 2]), tf.tensor1d([3, 4])), [3, 4]);
  });

  it('is the function itself without gradients, and leaves no tensor behind', () => {
    const x = tf.tensor1d([1, 2]);
    const f = gradientCheckpoint((a: tf.Tensor) => tf.tidy(() => tf.square(tf.square(a))));
    f(x).dispose();
    const before = tf.memory().numTensors;
    f(x).dispose();
    expect(tf.memory().numTensors).toBe(before);
    tf.grad(f)(x).dispose();
    expect(tf.memory().numTensors).toBe(before);
    const failing = gradientCheckpoint((a: tf.Tensor) => {
      tf.square(a);
      throw new Error('no');
    });
    expect(() => tf.grad(failing)(x)).toThrow('no');
    expect(tf.memory().numTensors).toBe(before);
    x.dispose();
  });

  it.each([
    ['computed', (x: tf.Tensor) => tf.square(x)],
    ['made', () => tf.tensor1d([1, 2])],
  ])('refuses a tensor that was %s in the same step and is no input', (_, make) => {
    const run = (x: tf.Tensor): tf.Tensor => {
      const other = make(x);
      return gradientCheckpoint((a: tf.Tensor) => tf.mul(a, other))(x);
    };
    expect(() => tf.grad(run)(tf.tensor1d([1, 2]))).toThrow(
      expect.objectContaining({ code: 'GS_AUTODIFF_CHECKPOINT' }),
    );
  });

  it('reads tensors that outlive the step', () => {
    const mask = tf.tensor1d([1, 0]);
    const run = gradientCheckpoint((a: tf.Tensor) => tf.mul(tf.square(a), mask));
    expectAllClose(tf.grad(run)(tf.tensor1d([3, 4])), [6, 0]);
  });
});
