import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import { expectAllClose, kernelCounts, withKernel } from '@gradstream/testing';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, describe, expect, it } from 'vitest';
import { registerGradients } from './register-gradients.js';
import { tensorStatistics } from './tensor-statistics.js';

await tf.setBackend('cpu');
registerGradients();

/** In float64, from the definitions. */
function expected(values: readonly number[]): number[] {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / n;
  const zeros = values.filter((value) => value === 0).length / n;
  return [n, Math.hypot(...values), mean, Math.sqrt(variance), Math.min(...values), Math.max(...values), zeros];
}

const cases: [string, number[]][] = [
  ['mixed numbers', [1, -2, 0, 3.5, 0, 7]],
  ['a single number', [-4]],
  ['zeros', [0, 0, 0]],
  ['a small spread around a large mean', Array.from({ length: 1000 }, (_, i) => Math.fround(1000 + Math.sin(i) / 100))],
];

describe('tensorStatistics', () => {
  afterEach(() => tf.setBackend('cpu'));

  describe.each(['cpu', 'wasm'])('on %s', (backend) => {
    it.each(cases)('describes %s', async (_, values) => {
      await tf.setBackend(backend);
      const x = tf.tensor(values, [values.length, 1]);
      const before = tf.memory().numTensors;
      const result = tensorStatistics(x);
      expect(tf.memory().numTensors).toBe(before + 1);
      expect([result.dtype, result.shape]).toEqual(['float32', [7]]);
      expectAllClose(result, expected(values), { relative: 2e-4 });
    });
  });

  it('describes whole numbers, scalars and nothing', () => {
    expectAllClose(tensorStatistics(tf.tensor1d([0, 4], 'int32')), expected([0, 4]));
    expectAllClose(tensorStatistics(tf.scalar(3)), expected([3]));
    expectAllClose(tensorStatistics(tf.zeros([0, 3])), [0, NaN, NaN, NaN, NaN, NaN, NaN]);
  });

  it('shows what is not a number', () => {
    const result = tensorStatistics(tf.tensor1d([1, NaN])).dataSync();
    expect([result[0], result[1], result[2], result[6]]).toEqual([2, NaN, NaN, 0]);
  });

  it('takes part in no gradient and keeps nothing for one', () => {
    const x = tf.tensor1d([1, 2]);
    const watched: tf.Tensor[] = [];
    const before = tf.memory().numTensors;
    const slope = tf.grad((x) => {
      const y = tf.square(x);
      const during = tf.memory().numTensors;
      watched.push(tf.keep(tensorStatistics(y)));
      expect(tf.memory().numTensors).toBe(during + 1);
      return y;
    })(x);
    expectAllClose(slope, [2, 4]);
    tf.dispose([slope, watched]);
    expect(tf.memory().numTensors).toBe(before);
  });

  it("runs the backend's own kernel where there is one, and nothing else", async () => {
    const kernelFunc: tf.KernelFunc = ({ inputs }) => {
      expect(inputs['x']!.shape).toEqual([2, 3]);
      return tf.fill([7], 5);
    };
    await withKernel({ kernelName: 'GradstreamStatistics', backendName: 'cpu', kernelFunc }, async () => {
      const x = tf.ones([2, 3]);
      const counts = await kernelCounts(() => expectAllClose(tensorStatistics(x), Array<number>(7).fill(5)));
      expect(Object.keys(counts).filter((name) => /^[A-Z]/.test(name))).toEqual(['Fill', 'GradstreamStatistics']);
    });
  });
});
