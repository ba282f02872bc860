import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { binaries, runKernel, useBinary } from '../../../testing/binaries.js';
import { fusedKernels } from './fused-kernels.js';

/** A call of each kernel that has to work. */
const calls: Readonly<Record<string, () => [Record<string, tf.Tensor>, object]>> = {
  GradstreamDense: () => [{ x: tf.ones([3, 5]), kernel: tf.ones([5, 7]), bias: tf.ones([7]) }, { activation: 'tanh' }],
  GradstreamActivationGradient: () => [{ dy: tf.ones([5]), y: tf.ones([5]) }, { activation: 'elu' }],
  GradstreamDenseGradient: () => [
    { dy: tf.ones([3, 7]), x: tf.ones([3, 5]), kernel: tf.ones([5, 7]), y: tf.ones([3, 7]) },
    { activation: 'softmax', wanted: ['x', 'kernel', 'bias'] },
  ],
  GradstreamProbabilityCrossEntropy: () => [
    { labels: tf.ones([3, 5]), probabilities: tf.ones([3, 5]) },
    { epsilon: 1e-7 },
  ],
  GradstreamSparseProbabilityCrossEntropy: () => [
    { labels: tf.ones([3], 'int32'), probabilities: tf.ones([3, 5]) },
    { epsilon: 1e-7 },
  ],
  GradstreamRunningMean: () => [
    { values: tf.ones([5]), total: tf.ones([]), lack: tf.ones([]), count: tf.scalar(1, 'int32') },
    {},
  ],
  GradstreamSoftmaxCrossEntropy: () => [{ labels: tf.ones([3, 5]), logits: tf.ones([3, 5]) }, {}],
  GradstreamSparseSoftmaxCrossEntropy: () => [{ labels: tf.ones([3], 'int32'), logits: tf.ones([3, 5]) }, {}],
  GradstreamUniform: () => [{ counter: tf.scalar(1, 'int32') }, { shape: [5], keyLow: 1, keyHigh: 2, min: -1, max: 1 }],
  GradstreamNormal: () => [
    { counter: tf.scalar(1, 'int32') },
    { shape: [5], keyLow: 1, keyHigh: 2, mean: 0, deviation: 1 },
  ],
  GradstreamDropout: () => [
    { x: tf.ones([5]), counter: tf.scalar(1, 'int32') },
    { rate: 0.5, keyLow: 1, keyHigh: 2 },
  ],
  GradstreamStatistics: () => [{ x: tf.ones([5]) }, {}],
  GradstreamSgd: () => [{ gradient0: tf.ones([5]), v0: tf.ones([5]) }, { momentum: 0.9 }],
  GradstreamRmsprop: () => [
    { gradient0: tf.ones([5]), v0: tf.ones([5]) },
    { rho: 0.9, epsilon: 1e-7 },
  ],
  GradstreamAdam: () => [
    { gradient0: tf.ones([5]), m0: tf.ones([5]), v0: tf.ones([5]), mWeight: tf.ones([]), vWeight: tf.ones([]) },
    { beta1: 0.9, beta2: 0.999, epsilon: 1e-7 },
  ],
  GradstreamAdagrad: () => [{ gradient0: tf.ones([5]), v0: tf.ones([5]) }, { epsilon: 1e-7 }],
  GradstreamAdamax: () => [
    { gradient0: tf.ones([5]), m0: tf.ones([5]), u0: tf.ones([5]), mWeight: tf.ones([]) },
    { beta1: 0.9, beta2: 0.999, epsilon: 1e-7 },
  ],
  GradstreamLion: () => [
    { gradient0: tf.ones([5]), m0: tf.ones([5]) },
    { beta1: 0.9, beta2: 0.99 },
  ],
  GradstreamGlobalNorm: () => [{ x0: tf.ones([5]), x1: tf.ones([2]) }, { limit: 1 }],
  GradstreamLayerNorm: () => [{ x: tf.ones([3, 5]) }, { epsilon: 1e-3 }],
  GradstreamLayerNormGradient: () => [
    { dy: tf.ones([3, 5]), x: tf.ones([3, 5]), mean: tf.ones([3]), inverse: tf.ones([3]) },
    {},
  ],
  FusedBatchNorm: () => [{ x: tf.ones([3, 5]), mean: tf.ones([5]), variance: tf.ones([5]) }, { varianceEpsilon: 1e-3 }],
  GradstreamBatchNorm: () => [{ x: tf.ones([3, 5]) }, { epsilon: 1e-3 }],
  GradstreamBatchNormGradient: () => [
    { dy: tf.ones([3, 5]), x: tf.ones([3, 5]), mean: tf.ones([5]), variance: tf.ones([5]) },
    { epsilon: 1e-3 },
  ],
  GradstreamLstm: () => [
    {
      x: tf.ones([3, 2, 5]),
      kernel: tf.ones([5, 12]),
      recurrentKernel: tf.ones([3, 12]),
      bias: tf.ones([12]),
      h: tf.ones([3, 3]),
      c: tf.ones([3, 3]),
    },
    { sequences: true },
  ],
  GradstreamLstmGradient: () => [
    {
      dh: tf.ones([3, 3]),
      dc: tf.ones([3, 3]),
      gates: tf.ones([3, 2, 12]),
      cells: tf.ones([3, 2, 3]),
      squashed: tf.ones([3, 2, 3]),
      x: tf.ones([3, 2, 5]),
      before: tf.ones([3, 2, 3]),
      recurrentKernel: tf.ones([3, 12]),
      mask: tf.ones([3, 2], 'bool'),
    },
    { sequences: false },
  ],
  GradstreamGru: () => [
    {
      x: tf.ones([3, 2, 5]),
      kernel: tf.ones([5, 9]),
      recurrentKernel: tf.ones([3, 9]),
      bias: tf.ones([2, 9]),
      h: tf.ones([3, 3]),
    },
    { sequences: true },
  ],
  GradstreamGruGradient: () => [
    {
      dh: tf.ones([3, 3]),
      gates: tf.ones([3, 2, 9]),
      inner: tf.ones([3, 2, 3]),
      x: tf.ones([3, 2, 5]),
      before: tf.ones([3, 2, 3]),
      recurrentKernel: tf.ones([3, 9]),
      mask: tf.ones([3, 2], 'bool'),
    },
    { sequences: false },
  ],
  // One row of the result: from the first row of x, one weight, whose bits are those of 1.
  GradstreamResample: () => [{ x: tf.ones([3, 2, 5]) }, { to: 1, taps: 1, bands: new Int32Array([0, 1, 0x3f800000]) }],
};

describe.each(binaries)('$variant', (binary) => {
  beforeAll(() => useBinary(binary));

  it.each(fusedKernels.map(({ name }) => name))('%s leaves nothing behind and is no fallback', (name) => {
    const backend = tf.backend() as unknown as {
      fallbacks(): object;
      resetFallbacks(): void;
      memory(): { heap: { used: number; blocks: number } };
    };
    const run = (): void => {
      tf.tidy(() => {
        const [inputs, attrs] = calls[name]!();
        const results = runKernel(name, inputs, attrs);
        expect(results.flatMap((list) => [...list]).every(Number.isFinite)).toBe(true);
      });
    };
    run();
    backend.resetFallbacks();
    const [tensors, { used, blocks }] = [tf.memory().numTensors, backend.memory().heap];
    for (let time = 0; time < 10; time++) run();
    expect([tf.memory().numTensors, backend.memory().heap.used, backend.memory().heap.blocks]).toEqual([
      tensors,
      used,
      blocks,
    ]);
    expect(backend.fallbacks()).toEqual({});
  });
});
