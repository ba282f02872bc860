import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { noEmulator, numbers, onEmulator, startOnEmulator } from '../../../testing/emulator.js';
import type { CudaBackend } from '../../cuda-backend.js';

// The whole table of cases is in test/cuda-kernels.spec.ts.
describe.skipIf(noEmulator !== undefined)(`fused kernels, ${onEmulator}`, () => {
  let backend: CudaBackend;
  beforeAll(async () => void ({ backend } = await startOnEmulator()), 600_000);

  it('a dense layer takes fewer launches than its parts, and gives what they give', async () => {
    const [x, w, bias] = [numbers([5, 17]), numbers([17, 9], 2), numbers([9], 3)];
    for (const tensor of [x, w, bias]) backend.address(tensor);
    const before = backend.runtime.launches;
    const fused = tf.fused.matMul({ a: x as tf.Tensor2D, b: w as tf.Tensor2D, bias, activation: 'relu' });
    const between = backend.runtime.launches;
    const parts = tf.tidy(() => tf.relu(tf.add(tf.matMul(x, w), bias)));
    expect(between - before).toBe(backend.runtime.launches - between - 2);
    const [got, wanted] = [await fused.data(), await parts.data()];
    for (const [index, value] of wanted.entries()) expect(got[index]).toBeCloseTo(value, 5);
    tf.dispose([x, w, bias, fused, parts]);
  });

  it('running statistics cost a batch normalization no launch', () => {
    const [x, mean, variance] = [numbers([40, 8]), numbers([8], 2), numbers([8], 3)];
    for (const tensor of [x, mean, variance]) backend.address(tensor);
    const launches = (inputs: tf.NamedTensorMap): number => {
      const before = backend.runtime.launches;
      tf.dispose(tf.engine().runKernel('GradstreamBatchNorm', inputs, { epsilon: 1e-3, momentum: 0.9 }) as never);
      return backend.runtime.launches - before;
    };
    expect(launches({ x, movingMean: mean, movingVariance: variance })).toBe(launches({ x }));
    tf.dispose([x, mean, variance]);
  });

  it('a step back through a recurrent layer is two launches', () => {
    const count = (steps: number): number =>
      tf.tidy(() => {
        const [x, kernel, recurrentKernel] = [numbers([2, steps, 3]), numbers([3, 16], 2), numbers([4, 16], 3)];
        const state = tf.zeros([2, 4]);
        const given = { x, kernel, recurrentKernel, h: state, c: state };
        const run = (name: string, inputs: tf.NamedTensorMap): tf.Tensor[] =>
          tf.engine().runKernel(name, inputs, { sequences: false }) as tf.Tensor[];
        const [dh, dc, gates, before, cells, squashed] = run('GradstreamLstm', given) as [tf.Tensor, ...tf.Tensor[]];
        const kept = { gates: gates!, before: before!, cells: cells!, squashed: squashed! };
        const launches = backend.runtime.launches;
        run('GradstreamLstmGradient', { dh, dc: dc!, ...kept, x, recurrentKernel });
        return backend.runtime.launches - launches;
      });
    expect(count(9) - count(4)).toBe(5 * 2);
  });
});
