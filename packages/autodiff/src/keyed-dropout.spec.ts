import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import { randomKey, uniformValues } from '@gradstream/core';
import { expectAllClose, gradientCheck, withKernel } from '@gradstream/testing';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, describe, expect, it } from 'vitest';
import { keyedDropout } from './keyed-dropout.js';
import { registerGradients } from './register-gradients.js';
import { StepCounter } from './step-counter.js';

await tf.setBackend('cpu');
registerGradients();

const key = randomKey(3);
const x = tf.tensor2d([1, -2, 3, 4, 5, 6, -7, 8, 9, 10, 11, 12], [3, 4]);

/** The kernel as its documentation says, for tests: it reads the counter on the device. */
const fused: tf.KernelConfig = {
  kernelName: 'GradstreamDropout',
  backendName: 'cpu',
  kernelFunc: ({ inputs, attrs }) => {
    const { x, counter } = inputs as Record<string, tf.Tensor>;
    const { rate, keyLow, keyHigh } = attrs as Record<string, number>;
    return tf.tidy(() => {
      const uniform = tf.tensor(
        uniformValues({ low: keyLow!, high: keyHigh! }, counter!.dataSync()[0]!, x!.size),
        x!.shape,
      );
      return tf.mul(x!, tf.div(tf.cast(tf.greaterEqual(uniform, rate!), 'float32'), 1 - rate!));
    });
  },
};

describe('keyedDropout', () => {
  afterEach(() => tf.setBackend('cpu'));

  it.each(['cpu', 'wasm'])('keeps where the uniform number reaches the rate, scaled, on %s', async (backend) => {
    await tf.setBackend(backend);
    const counter = new StepCounter(9);
    const before = tf.memory().numTensors;
    const y = keyedDropout(x, 0.4, key, counter);
    expect(tf.memory().numTensors).toBe(before + 1);
    const uniform = uniformValues(key, 9, 12);
    expectAllClose(
      y,
      Array.from(x.dataSync(), (value, i) => (uniform[i]! >= Math.fround(0.4) ? value / 0.6 : 0)),
    );
    expect(y.dataSync().filter((value) => value === 0).length).toBeGreaterThan(0);
  });

  it('drops other elements at another step, the same at the same', () => {
    const [first, second] = [new StepCounter(1), new StepCounter(2)];
    const kept = (counter: StepCounter): Float32Array =>
      keyedDropout(tf.ones([64]), 0.5, key, counter).dataSync<'float32'>();
    expect(kept(first)).toEqual(kept(first));
    expect(kept(first)).not.toEqual(kept(second));
  });

  it.each([0.1, 0.5, 0.9])('drops a share of about %s and keeps the mean', (rate) => {
    const y = keyedDropout(tf.ones([20_000]), rate, key, new StepCounter()).dataSync<'float32'>();
    const dropped = y.filter((value) => value === 0).length / y.length;
    expect(Math.abs(dropped - rate)).toBeLessThan(0.015);
    expect(Math.abs(y.reduce((sum, value) => sum + value, 0) / y.length - 1)).toBeLessThan(0.15);
  });

  it('is the identity at rate 0, in a tensor of its own, and zero at rate 1', () => {
    const counter = new StepCounter();
    const same = keyedDropout(x, 0, key, counter);
    expect(same).not.toBe(x);
    expectAllClose(same, x);
    expectAllClose(keyedDropout(x, 1, key, counter), Array<number>(12).fill(0));
    gradientCheck((x) => keyedDropout(x, 0, key, counter), [x]);
    gradientCheck((x) => keyedDropout(x, 1, key, counter), [x]);
  });

  it('sends the gradient through the same mask, also the second one', async () => {
    const counter = new StepCounter(5);
    const second = (x: tf.Tensor): tf.Tensor => tf.grad((x) => tf.square(keyedDropout(x, 0.4, key, counter)))(x);
    const check = (): void => {
      gradientCheck((x) => keyedDropout(x, 0.4, key, counter), [x]);
      gradientCheck(second, [x], { tolerance: { absolute: 2e-3, relative: 2e-3 } });
    };
    check();
    // The counter makes its tensor when the kernel first asks for it, and keeps it.
    expect(counter.tensor.dataSync()[0]).toBe(5);
    await withKernel(fused, check);
    counter.dispose();
  });

  it("gives the same numbers by the backend's own kernel", async () => {
    const counter = new StepCounter(5);
    const expected = keyedDropout(x, 0.3, key, counter);
    await withKernel(fused, () => expectAllClose(keyedDropout(x, 0.3, key, counter), expected));
    counter.dispose();
  });

  it("uses the forward pass's step backward, also when the counter has moved on", async () => {
    await withKernel(fused, () => {
      const counter = new StepCounter(5);
      const slope = tf.grad((x) => {
        const y = keyedDropout(x, 0.5, key, counter);
        counter.set(6);
        return y;
      })(tf.ones([64]));
      expectAllClose(slope, keyedDropout(tf.ones([64]), 0.5, key, new StepCounter(5)));
      counter.dispose();
    });
  });

  it('leaves no tensors behind', async () => {
    const counter = new StepCounter();
    const step = (): void => {
      tf.dispose(tf.grad((x) => keyedDropout(x, 0.4, key, counter))(x));
      counter.advance();
    };
    const before = tf.memory().numTensors;
    for (let i = 0; i < 3; i++) step();
    expect(tf.memory().numTensors).toBe(before);
    await withKernel(fused, () => {
      for (let i = 0; i < 3; i++) step();
    });
    expect(tf.memory().numTensors).toBe(before);
  });

  it.each([-0.1, 1.1, NaN, '0.5' as unknown as number])('refuses the rate %s', (rate) => {
    expect(() => keyedDropout(x, rate, key, new StepCounter())).toThrow(
      expect.objectContaining({ code: 'GS_OPTION_VALUE' }),
    );
  });
});
