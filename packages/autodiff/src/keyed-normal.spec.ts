import '@tensorflow/tfjs-backend-cpu';
import { normalValues, randomKey } from '@gradstream/core';
import { expectAllClose, withKernel } from '@gradstream/testing';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { keyedNormal } from './keyed-normal.js';
import { StepCounter } from './step-counter.js';

const key = randomKey(11);

describe('keyedNormal', () => {
  beforeAll(() => tf.setBackend('cpu'));

  it('gives the numbers of core for key and counter', () => {
    const counter = new StepCounter(4);
    const before = tf.memory().numTensors;
    const x = keyedNormal([3, 5], key, counter, { mean: -2, deviation: 0.5 });
    expect(tf.memory().numTensors).toBe(before + 1);
    expect([x.dtype, x.shape]).toEqual(['float32', [3, 5]]);
    expect(x.dataSync()).toEqual(normalValues(key, 4, 15, -2, 0.5));
    expect(keyedNormal([3, 5], key, 5, { mean: -2, deviation: 0.5 }).dataSync()).not.toEqual(x.dataSync());
  });

  it('has the mean and the deviation it was asked for', () => {
    const { mean, variance } = tf.moments(keyedNormal([40_000], key, 0, { mean: 3, deviation: 2 }));
    expect(Math.abs(mean.dataSync()[0]! - 3)).toBeLessThan(0.05);
    expect(Math.abs(variance.dataSync()[0]! - 4)).toBeLessThan(0.15);
  });

  it("runs the backend's own kernel where there is one", async () => {
    const seen: unknown[] = [];
    const kernelFunc: tf.KernelFunc = ({ inputs, attrs }) => {
      seen.push((inputs['counter'] as tf.Tensor).dataSync()[0], attrs);
      return tf.fill([2], 9);
    };
    await withKernel({ kernelName: 'GradstreamNormal', backendName: 'cpu', kernelFunc }, () => {
      const counter = new StepCounter(6);
      expectAllClose(keyedNormal([2], key, counter), [9, 9]);
      expect(seen).toEqual([6, { shape: [2], keyLow: 11, keyHigh: 0, mean: 0, deviation: 1 }]);
      counter.dispose();
    });
  });

  it.each([
    ['an unknown option', { stddev: 1 }, 'GS_OPTION_UNKNOWN'],
    ['a negative deviation', { deviation: -1 }, 'GS_OPTION_VALUE'],
    ['a mean that is no number', { mean: Infinity }, 'GS_OPTION_VALUE'],
  ])('refuses %s', (_, options: object, code) => {
    expect(() => keyedNormal([2], key, 0, options)).toThrow(expect.objectContaining({ code }));
  });
});
