import type { StepRecorder } from '@gradstream/core';
import { defineCallback, ofType } from '@gradstream/core';
import { fromArrays, type Dataset, type Example } from '@gradstream/datasets';
import {
  activityRegularization,
  batchNormalization,
  conv2d,
  dense,
  dropout,
  embedding,
  flatten,
  gaussianNoise,
  gru,
  lambda,
  layerNormalization,
  lstm,
  maxPooling2d,
  randomFlip,
  sequential,
  type Model,
} from '@gradstream/layers';
import { adam, adamW, sgd } from '@gradstream/optimizers';
import { cosineDecay } from '@gradstream/optimizers/schedules';
import { compile, type FitOptions, type LossOptions } from '@gradstream/trainer';
import { useBackend } from 'gradstream';
import * as tf from '@tensorflow/tfjs-core';
import { filter, map, of, take } from 'rxjs';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

type Recorder = StepRecorder<tf.Tensor>;

let replays = 0;
let reasons: string[] = [];
let original: Recorder['recordStep'];
const recorder = (): Recorder => tf.backend() as unknown as Recorder;

beforeAll(async () => void (await useBackend('wasm-simd')));
beforeEach(() => {
  replays = 0;
  reasons = [];
  original = recorder().recordStep;
  recorder().recordStep = function (...given) {
    const step = original.apply(this, given);
    if ('reason' in step) {
      reasons.push(step.reason);
      return step;
    }
    const replay = (): boolean => {
      replays++;
      return step.replay();
    };
    return { ...step, replay };
  };
});
afterEach(() => void (recorder().recordStep = original));

const numbers = (count: number, seed: number): Float32Array =>
  Float32Array.from({ length: count }, (_, index) => Math.sin(index * 12.9898 + seed) * 2);
const labels = (count: number, classes: number): Int32Array =>
  Int32Array.from({ length: count }, (_, index) => (index * 7) % classes);

/** Batches of 8, the last one of an epoch shorter. */
function samples(shape: readonly number[], classes = 3, count = 60): Dataset<Example> {
  return fromArrays({
    x: { dtype: 'float32', shape: [count, ...shape], values: numbers(count * shape.reduce((a, b) => a * b, 1), 1) },
    y: { dtype: 'int32', shape: [count], values: labels(count, classes) },
  }).batch(8);
}

interface Case {
  readonly network: () => Model;
  readonly data?: Dataset<Example>;
  readonly compiled?: Partial<LossOptions>;
  readonly fit?: () => FitOptions;
}

interface Trained {
  readonly weights: Record<string, number[]>;
  readonly logs: unknown[];
  readonly replays: number;
}

async function trained({ network, data = samples([6]), compiled, fit }: Case, eagerly: boolean): Promise<Trained> {
  const net = network();
  const trainer = compile(net, {
    loss: 'sparseCategoricalCrossentropy',
    metrics: ['accuracy'],
    ...compiled,
    ...(eagerly ? { runEagerly: true } : {}),
  });
  const before = replays;
  const logs: unknown[] = [];
  const counts: number[] = [];
  const watch = defineCallback('watch', (events$) =>
    events$.pipe(
      filter((event) => {
        if ('logs' in event) logs.push(event.logs);
        if (event.type === 'stepEnd') counts.push(tf.memory().numTensors);
        return false;
      }),
      map(() => ({ type: 'stop', reason: '' }) as const),
    ),
  );
  const { callbacks = [], ...options } = fit?.() ?? {};
  const start = tf.memory().numTensors;
  await trainer.fit(data, { epochs: 3, logEvery: 1, ...options, callbacks: [...callbacks, watch] });
  // Nothing grows from one epoch to the next.
  expect(counts.at(-1)! - counts[Math.floor(counts.length / 3) - 1]!).toBeLessThanOrEqual(12);
  const weights = Object.fromEntries(
    Object.entries(await net.getWeights()).map(([path, { values }]) => [path, [...values]]),
  );
  trainer.dispose();
  net.dispose();
  expect(tf.memory().numTensors).toBeLessThanOrEqual(start);
  return { weights, logs, replays: replays - before };
}

const mlp = (): Model =>
  sequential([dense(9, { activation: 'relu', inputShape: [6] }), dense(3, { activation: 'softmax' })], { seed: 3 });
const with_ = (...layers: Parameters<typeof sequential>[0][number][]): (() => Model) => {
  return () => sequential([...layers, dense(3, { activation: 'softmax' })], { seed: 3 });
};
/** Sends a command after some steps. */
const after = (step: number, command: object): (() => FitOptions) => {
  return () => ({
    callbacks: [
      defineCallback('sends', (events$) =>
        events$.pipe(
          ofType('stepEnd'),
          filter(({ globalStep }) => globalStep === step),
          take(1),
          map(() => command as never),
        ),
      ),
    ],
  });
};

/** Of three epochs of eight steps the first is done as usual, and one recorded for each shape of batches. */
const MOST = 21;

const cases: readonly (readonly [string, Case, number])[] = [
  ['a multilayer perceptron', { network: mlp }, MOST],
  [
    'SGD with momentum and a schedule',
    {
      network: mlp,
      compiled: {
        optimizer: sgd({ learningRate: cosineDecay({ initialLearningRate: 0.1, decaySteps: 30 }), momentum: 0.9 }),
      },
    },
    MOST,
  ],
  [
    'AdamW with clipping by the global norm',
    { network: mlp, compiled: { optimizer: adamW({ globalClipNorm: 0.1 }) } },
    MOST,
  ],
  ['RMSprop with averaged weights', { network: mlp, compiled: { optimizer: adam({ useEma: true }) } }, MOST],
  [
    'dropout and noise',
    { network: with_(dense(9, { activation: 'tanh', inputShape: [6] }), dropout(0.4), gaussianNoise(0.2)) },
    MOST,
  ],
  [
    'batch and layer normalization',
    { network: with_(dense(9, { inputShape: [6] }), batchNormalization(), layerNormalization()) },
    MOST,
  ],
  [
    'penalties and constraints',
    {
      network: with_(
        dense(9, { inputShape: [6], kernelRegularizer: 'l2', kernelConstraint: 'maxNorm' }),
        activityRegularization({ l1: 0.01 }),
      ),
    },
    MOST,
  ],
  [
    'convolutions, pooling, random flips',
    {
      network: with_(
        randomFlip('horizontal', { inputShape: [6, 6, 2] }),
        conv2d(4, 3, { activation: 'relu' }),
        maxPooling2d(2),
        flatten(),
      ),
      data: samples([6, 6, 2]),
    },
    MOST,
  ],
  [
    'an LSTM and a GRU',
    { network: with_(lstm(5, { inputShape: [6, 4], returnSequences: true }), gru(4)), data: samples([6, 4]) },
    MOST,
  ],
  ['more metrics', { network: mlp, compiled: { metrics: ['accuracy', 'sparseTopKCategoricalAccuracy'] } }, MOST],
  ['class weights', { network: mlp, fit: () => ({ classWeight: { 0: 1, 1: 2, 2: 0.5 } }) }, MOST],
  [
    'a validation between',
    {
      network: with_(dense(9, { inputShape: [6] }), batchNormalization()),
      fit: () => ({ validationData: samples([6], 3, 20) }),
    },
    MOST,
  ],
  [
    'another learning rate on the way',
    { network: mlp, fit: after(5, { type: 'setLearningRate', learningRate: 0.01 }) },
    MOST,
  ],
  [
    'clipping from a step on',
    { network: mlp, fit: after(5, { type: 'setGradientClipping', clipping: { by: 'globalNorm', threshold: 0.1 } }) },
    10,
  ],
  [
    'statistics of every third step',
    {
      network: mlp,
      fit: () => ({
        callbacks: [defineCallback('observes', () => of({ type: 'observe', kind: 'gradients', every: 3 } as const))],
      }),
    },
    8,
  ],
  ['gradients collected over two batches', { network: mlp, compiled: { gradientAccumulation: 2 } }, 0],
];

describe('recorded steps have the bits of usual ones', () => {
  it.each(cases)('%s', async (_, given, least) => {
    const eager = await trained(given, true);
    expect(eager.replays).toBe(0);
    const recorded = await trained(given, false);
    expect(recorded.weights).toEqual(eager.weights);
    expect(recorded.logs).toEqual(eager.logs);
    expect({ replays: recorded.replays, reasons }).toEqual({ replays: expect.any(Number), reasons: expect.any(Array) });
    expect(recorded.replays, reasons.join()).toBeGreaterThanOrEqual(least);
  });
});

describe('parts of one’s own', () => {
  const sureness = (_: tf.Tensor, yPred: tf.Tensor): tf.Tensor => tf.max(yPred, 1);
  const own: readonly (readonly [string, Case])[] = [
    [
      'a loss',
      {
        network: mlp,
        compiled: { loss: (yTrue, yPred) => tf.mean(tf.square(tf.sub(tf.expandDims(yTrue, 1), yPred)), 1) },
      },
    ],
    ['a metric', { network: mlp, compiled: { metrics: [sureness] } }],
    [
      'a layer',
      {
        network: with_(
          dense(4, { inputShape: [6] }),
          lambda((x) => tf.neg(x)),
        ),
      },
    ],
  ];
  it.each(own)('%s: steps are recorded where that is asked for', async (_, given) => {
    const usual = await trained(given, false);
    expect(usual.replays).toBe(0);
    const asked = await trained({ ...given, compiled: { ...given.compiled, runEagerly: false } }, false);
    expect(asked.replays).toBeGreaterThanOrEqual(MOST);
    expect(asked.weights).toEqual(usual.weights);
  });
});

describe('what comes in between', () => {
  it('an index that is out of range is named as by a usual step', async () => {
    const network = (): Model =>
      sequential([embedding(10, 4, { inputShape: [3] }), flatten(), dense(3, { activation: 'softmax' })], { seed: 1 });
    const data = (last: number): Dataset<Example> =>
      fromArrays({
        x: {
          dtype: 'int32',
          shape: [48, 3],
          values: Int32Array.from({ length: 144 }, (_, i) => (i < 143 ? i % 10 : last)),
        },
        y: { dtype: 'int32', shape: [48], values: labels(48, 3) },
      }).batch(8);
    const message = async (eagerly: boolean): Promise<string> => {
      const trainer = compile(network(), {
        loss: 'sparseCategoricalCrossentropy',
        ...(eagerly ? { runEagerly: true } : {}),
      });
      await trainer.fit(data(9), { epochs: 1 });
      return trainer.fit(data(10), { epochs: 1 }).then(String, String);
    };
    const [eager, recorded] = [await message(true), await message(false)];
    expect(replays).toBeGreaterThan(6);
    expect(recorded).toBe(eager);
    expect(recorded).toMatch(/index value 10/);
  });

  it('weights that somebody keeps stay as they were', async () => {
    const net = mlp();
    const trainer = compile(net, { loss: 'sparseCategoricalCrossentropy', optimizer: 'adam' });
    const path = Object.keys(net.tensors)[0]!;
    let held: tf.Tensor | undefined;
    let then: number[] = [];
    const callback = defineCallback('holds', (events$) =>
      events$.pipe(
        ofType('stepEnd'),
        filter(({ globalStep }) => {
          if (globalStep === 10) {
            held = tf.keep(net.tensors[path]!.clone());
            then = [...held.dataSync()];
          }
          return false;
        }),
        map(() => ({ type: 'stop', reason: '' }) as const),
      ),
    );
    await trainer.fit(samples([6]), { epochs: 3, callbacks: [callback] });
    expect(replays).toBeGreaterThan(12);
    expect([...held!.dataSync()]).toEqual(then);
    expect([...net.tensors[path]!.dataSync()]).not.toEqual(then);
    held!.dispose();
  });

  it('the memory is what it was before', async () => {
    const used = (): number => (tf.memory() as unknown as { heap: { used: number } }).heap.used;
    const runs: number[] = [];
    for (let run = 0; run < 3; run++) {
      await trained({ network: mlp }, false);
      runs.push(used());
    }
    expect(replays).toBeGreaterThanOrEqual(3 * MOST);
    expect(runs[2]).toBe(runs[1]);
  });
});
