import type { NamedAttrMap, NamedTensorInfoMap, TensorInfo } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import type { Kernel, OutputBackend } from '../kernel.js';
import { activationGradientKernels } from './activation-gradient.js';
import { crossEntropyKernels } from './cross-entropy.js';
import { denseGradientKernels } from './dense-gradient.js';
import { normalizationKernels } from './normalization.js';
import { optimizerKernels } from './optimizers.js';
import { randomKernels } from './random.js';
import { backwardSizes, forwardSizes } from './recurrent-sizes.js';
import { resampleKernels } from './resample.js';
import { statisticsKernels } from './statistics.js';

const backend: OutputBackend = {
  output: (shape, dtype) => ({ dataId: {}, shape, dtype }),
  share: (x, shape = x.shape) => ({ ...x, shape }),
  disposeIntermediateTensorInfo: () => undefined,
};

/** What the parts of a backend were asked for. */
const asked: unknown[] = [];
const ask =
  (name: string) =>
  (...given: unknown[]): void =>
    void asked.push(name, ...given.slice(1));
const give =
  (name: string) =>
  (_: unknown, __: unknown, ...given: unknown[]): never[] => {
    asked.push(name, ...given);
    return [];
  };

const kernels: readonly Kernel<OutputBackend>[] = [
  ...activationGradientKernels<OutputBackend>((_, activation) => asked.push(activation)),
  ...denseGradientKernels<OutputBackend>((_, { sizes, wanted }) => asked.push(sizes, wanted)),
  ...crossEntropyKernels<OutputBackend>((_, isSparse, __, rows, classes, epsilon) =>
    asked.push(isSparse, rows, classes, epsilon),
  ),
  ...randomKernels<OutputBackend>((_, kind, __, key, a, b) => asked.push(kind, key, a, b)),
  ...resampleKernels<OutputBackend>((_, __, ___, bands, sizes, taps) => asked.push(bands.length, sizes, taps)),
  ...statisticsKernels<OutputBackend>({
    statistics: (own, x) => own.share(x, [7]),
    globalNorm: (_, tensors, before, limit) => asked.push(tensors.length, before?.shape, limit),
    runningMean: ask('running mean'),
  }),
  ...normalizationKernels<OutputBackend>({
    layerNorm: give('layer'),
    layerNormGradient: give('layer gradient'),
    fusedBatchNorm: (_, [x], sizes, epsilon) => {
      asked.push(sizes, epsilon);
      return x;
    },
    batchNorm: give('batch'),
    batchNormGradient: give('batch gradient'),
  }),
  ...optimizerKernels<OutputBackend>((_, { rule, scalars }, weights, isInPlace) => {
    asked.push(rule, scalars, weights.length, isInPlace);
    return [];
  }),
];

const float = (...shape: number[]): TensorInfo => ({ dataId: {}, shape, dtype: 'float32' });
const whole = (...shape: number[]): TensorInfo => ({ dataId: {}, shape, dtype: 'int32' });
const truth = (...shape: number[]): TensorInfo => ({ dataId: {}, shape, dtype: 'bool' });

/** What a kernel asked of the backend and the shapes that it gave; undefined where it does not cover what it got. */
function run(name: string, inputs: Record<string, TensorInfo>, attrs: object = {}): unknown {
  asked.length = 0;
  const kernel = kernels.find((each) => each.name === name)!;
  const given = { inputs: inputs as NamedTensorInfoMap, attrs: attrs as NamedAttrMap, backend };
  const result = kernel.run(given);
  if (result === undefined) return undefined;
  return { asked: [...asked], shapes: [result].flat().map(({ shape }) => shape) };
}

const bands = new Int32Array(8);
const scalar = float();
const adam = { gradient0: float(2), m0: float(2), v0: float(2), mWeight: scalar, vWeight: scalar };
const moving = { movingMean: float(4), movingVariance: float(4) };
const statistics = { epsilon: 0.1, momentum: 0.9 };
const betas = { beta1: 0.5, beta2: 0.25, epsilon: 1e-7 };

describe('fused kernels run what fits', () => {
  it.each<[string, Record<string, TensorInfo>, object, unknown[], number[][]]>([
    ['GradstreamActivationGradient', { dy: float(2), y: float(2) }, { activation: 'tanh' }, ['tanh'], [[2]]],
    [
      'GradstreamDenseGradient',
      { dy: float(5, 2), x: float(5, 3), kernel: float(3, 2) },
      { activation: 'linear', wanted: ['bias', 'kernel'] },
      [
        [5, 3, 2],
        ['bias', 'kernel'],
      ],
      [[2], [3, 2]],
    ],
    [
      'GradstreamSoftmaxCrossEntropy',
      { labels: float(4, 3), logits: float(4, 3) },
      {},
      [false, 4, 3, undefined],
      [[4], [4, 3]],
    ],
    [
      'GradstreamSparseProbabilityCrossEntropy',
      { labels: whole(4), probabilities: float(4, 3) },
      { epsilon: 1e-7 },
      [true, 4, 3, 1e-7],
      [[4], [4, 3]],
    ],
    [
      'GradstreamUniform',
      { counter: whole() },
      { shape: [3], min: 1, max: 3, keyLow: 7, keyHigh: 8 },
      ['uniform', [7, 8], 1, 2],
      [[3]],
    ],
    [
      'GradstreamNormal',
      { counter: whole() },
      { shape: [3], mean: 1, deviation: 3, keyLow: 7, keyHigh: 8 },
      ['normal', [7, 8], 1, 3],
      [[3]],
    ],
    [
      'GradstreamDropout',
      { counter: whole(1), x: float(2, 2) },
      { rate: 0.5, keyLow: 7, keyHigh: 8 },
      ['dropout', [7, 8], 2 ** 23, 2],
      [[2, 2]],
    ],
    ['GradstreamResample', { x: float(2, 5, 3) }, { to: 2, taps: 2, bands }, [8, [2, 5, 2, 3], 2], [[2, 2, 3]]],
    ['GradstreamStatistics', { x: float(4) }, {}, [], [[7]]],
    ['GradstreamGlobalNorm', { x0: float(4), x1: float(2, 2), before: float(1) }, { limit: 2 }, [2, [1], 2], [[], []]],
    [
      'GradstreamRunningMean',
      { values: truth(3), total: scalar, lack: scalar, count: whole() },
      {},
      ['running mean', truth(3), [scalar, scalar, whole()], [scalar, scalar, whole()]],
      [[], [], []],
    ],
    [
      'GradstreamLayerNorm',
      { x: float(2, 3, 4), gamma: float(4) },
      { epsilon: 0.1 },
      ['layer', { rows: 6, n: 4 }, 0.1],
      [],
    ],
    [
      'GradstreamLayerNormGradient',
      { x: float(6, 4), dy: float(6, 4), mean: float(6), inverse: float(6) },
      {},
      ['layer gradient', { rows: 6, n: 4 }],
      [],
    ],
    [
      'FusedBatchNorm',
      { x: float(6, 4), mean: float(4), variance: float(4), scale: float(4) },
      {},
      [{ rows: 6, n: 4 }, 0.001],
      [[6, 4]],
    ],
    [
      'GradstreamBatchNorm',
      { x: float(6, 4), beta: float(4) },
      { epsilon: 0.1 },
      ['batch', { rows: 6, n: 4 }, 0.1, undefined],
      [],
    ],
    [
      'GradstreamBatchNorm',
      { x: float(6, 4), ...moving },
      statistics,
      ['batch', { rows: 6, n: 4 }, 0.1, { mean: moving.movingMean, variance: moving.movingVariance, momentum: 0.9 }],
      [],
    ],
    [
      'GradstreamBatchNormGradient',
      { x: float(6, 4), dy: float(6, 4), mean: float(4), variance: float(4) },
      { epsilon: 0.1 },
      ['batch gradient', { rows: 6, n: 4 }, 0.1],
      [],
    ],
    [
      'GradstreamSgd',
      { gradient0: float(2), gradient1: float(3), target0: float(2), target1: float(3) },
      {},
      ['scale', {}, 2, true],
      [],
    ],
    [
      'GradstreamSgd',
      { gradient0: float(2), v0: float(2) },
      { momentum: 0.9, nesterov: true },
      ['nesterov', {}, 1, false],
      [],
    ],
    [
      'GradstreamRmsprop',
      { gradient0: float(2), v0: float(2), a0: float(2) },
      { rho: 0.9, epsilon: 1e-7, centered: true },
      ['centeredRms', {}, 1, false],
      [],
    ],
    ['GradstreamAdam', adam, betas, ['adam', { mWeight: 0.5, vWeight: 0.25 }, 1, false], []],
    ['GradstreamAdagrad', {}, { epsilon: 1e-7 }, ['adagrad', {}, 0, false], []],
    ['GradstreamAdamax', { mWeight: scalar }, betas, ['adamax', { mWeight: 0.5 }, 0, false], []],
    ['GradstreamLion', { gradient0: float(2), m0: float(2), weight0: float(2) }, betas, ['lion', {}, 1, false], []],
  ])('%s', (name, inputs, attrs, wanted, shapes) => {
    const ran = JSON.parse(JSON.stringify(run(name, inputs, attrs)));
    expect(ran).toEqual(JSON.parse(JSON.stringify({ asked: wanted, shapes })));
  });
});

describe('fused kernels leave the rest to others', () => {
  it.each<[string, string, Record<string, TensorInfo>, object?]>([
    ['GradstreamActivationGradient', 'whose slope is unknown', { dy: float(2), y: float(2) }, { activation: 'selu' }],
    [
      'GradstreamActivationGradient',
      'of a softmax of one number',
      { dy: scalar, y: scalar },
      { activation: 'softmax' },
    ],
    [
      'GradstreamDenseGradient',
      'without the result',
      { dy: float(5, 2), x: float(5, 3), kernel: float(3, 2) },
      { activation: 'relu', wanted: [] },
    ],
    [
      'GradstreamDenseGradient',
      'of other sizes',
      { dy: float(5, 2), x: float(5, 4), kernel: float(3, 2) },
      { activation: 'linear', wanted: [] },
    ],
    ['GradstreamSparseSoftmaxCrossEntropy', 'with labels of classes', { labels: float(4, 3), logits: float(4, 3) }],
    ['GradstreamProbabilityCrossEntropy', 'without epsilon', { labels: float(4, 3), probabilities: float(4, 3) }],
    ['GradstreamUniform', 'without an end', { counter: whole() }, { shape: [3], min: 0, max: Infinity }],
    ['GradstreamNormal', 'without a counter', {}, { shape: [3], mean: 0, deviation: 1 }],
    ['GradstreamDropout', 'of everything', { counter: whole(), x: float(2) }, { rate: 1 }],
    ['GradstreamResample', 'with too few bands', { x: float(2, 5, 3) }, { to: 3, taps: 2, bands }],
    ['GradstreamStatistics', 'of whole numbers', { x: whole(2) }],
    ['GradstreamGlobalNorm', 'of whole numbers', { x0: float(2), x1: whole(2) }],
    ['GradstreamRunningMean', 'of a vector', { values: float(3), total: float(2), lack: scalar, count: whole() }],
    ['GradstreamLayerNorm', 'with a scale of another size', { x: float(2, 4), gamma: float(3) }, { epsilon: 0.1 }],
    ['GradstreamLayerNormGradient', 'without means', { x: float(2, 4), dy: float(2, 4), inverse: float(2) }],
    ['FusedBatchNorm', 'without a variance', { x: float(2, 4), mean: float(4) }],
    ['GradstreamBatchNorm', 'without epsilon', { x: float(2, 4) }],
    [
      'GradstreamBatchNorm',
      'with half of the running statistics',
      { x: float(2, 4), movingMean: float(4) },
      statistics,
    ],
    ['GradstreamBatchNorm', 'without momentum', { x: float(2, 4), ...moving }, { epsilon: 0.1 }],
    ['GradstreamBatchNorm', 'of a few running statistics', { x: float(2, 3), ...moving }, statistics],
    [
      'GradstreamBatchNormGradient',
      'of another shape',
      { x: float(6, 4), dy: float(3, 8), mean: float(4), variance: float(4) },
      { epsilon: 0.1 },
    ],
    ['GradstreamAdam', 'without its memory', { ...adam, v0: float(3) }, betas],
    ['GradstreamAdam', 'without its counts', { gradient0: float(2), m0: float(2), v0: float(2) }, betas],
    ['GradstreamSgd', 'half in place', { gradient0: float(2), gradient1: float(3), target0: float(2) }],
    ['GradstreamSgd', 'of several rates', { gradient0: float(2), after: float(2) }],
  ])('%s %s', (name, _, inputs, attrs) => expect(run(name, inputs, attrs)).toBeUndefined());
});

describe('the sizes of a recurrent run', () => {
  const sizes = { batch: 2, steps: 5, features: 3, units: 4 };
  const call = (inputs: Record<string, TensorInfo>, attrs = {}) =>
    ({ inputs: inputs as NamedTensorInfoMap, attrs, backend }) as const;
  const forward = { x: float(2, 5, 3), kernel: float(3, 16), recurrentKernel: float(4, 16), h: float(2, 4) };
  const backward = { gates: float(2, 5, 12), recurrentKernel: float(4, 12), x: float(2, 5, 3), dh: float(2, 4) };

  it('follow from its inputs', () => {
    expect(forwardSizes(call({ ...forward, bias: float(16), mask: truth(2, 5) }), 4, ['h'])).toEqual(sizes);
    expect(backwardSizes(call({ ...backward, inner: float(2, 5, 4) }), 3, ['inner'])).toEqual(sizes);
    expect(backwardSizes(call({ ...backward, dh: float(2, 5, 4) }, { sequences: true }), 3, [])).toEqual(sizes);
  });

  it('are none where one does not fit', () => {
    expect(forwardSizes(call({ ...forward, mask: truth(5, 2) }), 4, ['h'])).toBeUndefined();
    expect(forwardSizes(call({ ...forward, bias: float(2, 12) }), 4, ['h'])).toBeUndefined();
    expect(forwardSizes(call(forward), 4, ['h', 'c'])).toBeUndefined();
    expect(forwardSizes(call({ ...forward, x: float(2, 0, 3) }), 4, ['h'])).toBeUndefined();
    expect(backwardSizes(call(backward), 3, ['inner'])).toBeUndefined();
    expect(backwardSizes(call({ ...backward, dh: float(2, 5, 4) }), 3, [])).toBeUndefined();
    const lstm = { ...backward, gates: float(2, 5, 16), recurrentKernel: float(4, 16) };
    expect(backwardSizes(call(lstm), 4, [])).toBeUndefined();
    expect(backwardSizes(call({ ...lstm, dc: float(2, 4) }), 4, [])).toEqual(sizes);
  });
});
