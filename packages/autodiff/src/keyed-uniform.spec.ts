import '@tensorflow/tfjs-backend-cpu';
import { randomKey, uniformValues } from '@gradstream/core';
import { expectAllClose, withKernel } from '@gradstream/testing';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { keyedUniform } from './keyed-uniform.js';
import { StepCounter } from './step-counter.js';

const key = randomKey(2 ** 40 + 5);

describe('keyedUniform', () => {
  beforeAll(() => tf.setBackend('cpu'));

  it('gives the numbers of core for key and counter', () => {
    const counter = new StepCounter(4);
    const before = tf.memory().numTensors;
    const x = keyedUniform([3, 5], key, counter, { min: -2, max: 1 });
    expect(tf.memory().numTensors).toBe(before + 1);
    expect([x.dtype, x.shape]).toEqual(['float32', [3, 5]]);
    expect(x.dataSync()).toEqual(uniformValues(key, 4, 15, -2, 1));
    expect(keyedUniform([3, 5], key, 4, { min: -2, max: 1 }).dataSync()).toEqual(x.dataSync());
    expect(keyedUniform([3, 5], key, 5, { min: -2, max: 1 }).dataSync()).not.toEqual(x.dataSync());
    expect(keyedUniform([3], key, 2 ** 40).dataSync()).toEqual(uniformValues(key, 2 ** 40, 3));
  });

  it('fills its range evenly', () => {
    const x = keyedUniform([40_000], key, 0, { min: 2, max: 4 });
    const quarters = [0, 0, 0, 0];
    for (const value of x.dataSync()) quarters[Math.floor((value - 2) * 2)]!++;
    for (const count of quarters) expect(Math.abs(count - 10_000)).toBeLessThan(400);
  });

  it("runs the backend's own kernel where there is one, unless the counter is a plain number", async () => {
    const seen: unknown[] = [];
    const kernelFunc: tf.KernelFunc = ({ inputs, attrs }) => {
      seen.push((inputs['counter'] as tf.Tensor).dataSync()[0], inputs['counter']!.dtype, attrs);
      return tf.fill([2], 9);
    };
    await withKernel({ kernelName: 'GradstreamUniform', backendName: 'cpu', kernelFunc }, () => {
      const counter = new StepCounter(6);
      expectAllClose(keyedUniform([2], key, counter, { max: 3 }), [9, 9]);
      expect(seen).toEqual([6, 'int32', { shape: [2], keyLow: 5, keyHigh: 256, min: 0, max: 3 }]);
      expect(keyedUniform([2], key, 6).dataSync()).toEqual(uniformValues(key, 6, 2));
      counter.dispose();
    });
  });

  it.each([
    ['an unknown option', { maximum: 1 }, 0, 'GS_OPTION_UNKNOWN'],
    ['bounds the wrong way round', { min: 2, max: 1 }, 0, 'GS_OPTION_VALUE'],
    ['a bound that is no number', { min: NaN }, 0, 'GS_OPTION_VALUE'],
    ['a negative counter', {}, -1, 'GS_OPTION_VALUE'],
  ])('refuses %s', (_, options: object, counter, code) => {
    expect(() => keyedUniform([2], key, counter, options)).toThrow(expect.objectContaining({ code }));
  });
});
