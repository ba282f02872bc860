import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { StepCounter } from './step-counter.js';

describe('StepCounter', () => {
  beforeAll(() => tf.setBackend('cpu'));

  it('counts on the host and on the device', () => {
    const counter = new StepCounter(7);
    expect([counter.value, counter.tensor.dataSync()[0], counter.tensor.dtype, counter.tensor.shape]).toEqual([
      7,
      7,
      'int32',
      [],
    ]);
    counter.advance();
    expect([counter.value, counter.tensor.dataSync()[0]]).toEqual([8, 8]);
    counter.set(3);
    expect([counter.value, counter.tensor.dataSync()[0]]).toEqual([3, 3]);
    counter.value = 5;
    expect([counter.value, counter.tensor.dataSync()[0]]).toEqual([5, 5]);
    counter.dispose();
  });

  it('holds one tensor at most, none before it is asked for, and it outlives a tidy', () => {
    const before = tf.memory().numTensors;
    const counter = new StepCounter();
    expect(tf.memory().numTensors).toBe(before);
    for (let step = 0; step < 3; step++) {
      const tensor = tf.tidy(() => counter.tensor);
      expect(counter.tensor).toBe(tensor);
      expect(tensor.isDisposed).toBe(false);
      expect(tf.memory().numTensors).toBe(before + 1);
      counter.advance();
    }
    expect(tf.memory().numTensors).toBe(before);
    expect(counter.tensor.dataSync()[0]).toBe(3);
    counter.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it.each([-1, 0.5, NaN, 2 ** 31])('refuses %s and keeps its value', (value) => {
    const counter = new StepCounter(2);
    const refused = expect.objectContaining({ code: 'GS_OPTION_VALUE' });
    expect(() => counter.set(value)).toThrow(refused);
    expect(() => new StepCounter(value)).toThrow(refused);
    expect(counter.value).toBe(2);
  });
});
