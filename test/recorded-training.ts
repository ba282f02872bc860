import type { StepRecorder } from '@gradstream/core';
import { defineCallback, ofType } from '@gradstream/core';
import { fromArrays, type Dataset, type Example } from '@gradstream/datasets';
import {
  activityRegularization,
  batchNormalization,
  conv2d,
  dense,
  dropout,
  flatten,
  gaussianNoise,
  gru,
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
import * as tf from '@tensorflow/tfjs-core';
import { filter, map, of, take } from 'rxjs';
import { expect } from 'vitest';

type Recorder = StepRecorder<tf.Tensor>;

/** What the backend's recorder did. */
export const seen: { replays: number; reasons: string[] } = { replays: 0, reasons: [] };

/** Watches the recorder of the active backend, until the answer is called. */
export function watchRecorder(): () => void {
  const recorder = tf.backend() as unknown as Recorder;
  const original = recorder.recordStep;
  Object.assign(seen, { replays: 0, reasons: [] });
  recorder.recordStep = function (...given) {
    const step = original.apply(this, given);
    if ('reason' in step) {
      seen.reasons.push(step.reason);
      return step;
    }
    const replay = (): boolean => {
      seen.replays++;
      return step.replay();
    };
    return { ...step, replay };
  };
  return () => void (recorder.recordStep = original);
}

const numbers = (count: number, seed: number): Float32Array =>
  Float32Array.from({ length: count }, (_, index) => Math.sin(index * 12.9898 + seed) * 2);
export const labels = (count: number, classes: number): Int32Array =>
  Int32Array.from({ length: count }, (_, index) => (index * 7) % classes);

/** Batches of 8, the last one of an epoch shorter. */
export function samples(shape: readonly number[], classes = 3, count = 60): Dataset<Example> {
  return fromArrays({
    x: { dtype: 'float32', shape: [count, ...shape], values: numbers(count * shape.reduce((a, b) => a * b, 1), 1) },
    y: { dtype: 'int32', shape: [count], values: labels(count, classes) },
  }).batch(8);
}

export interface Case {
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

export async function trained(
  { network, data = samples([6]), compiled, fit }: Case,
  eagerly: boolean,
): Promise<Trained> {
  const net = network();
  const trainer = compile(net, {
    loss: 'sparseCategoricalCrossentropy',
    metrics: ['accuracy'],
    ...compiled,
    ...(eagerly ? { runEagerly: true } : {}),
  });
  const before = seen.replays;
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
  return { weights, logs, replays: seen.replays - before };
}

export const mlp = (): Model =>
  sequential([dense(9, { activation: 'relu', inputShape: [6] }), dense(3, { activation: 'softmax' })], { seed: 3 });
export const with_ = (...layers: Parameters<typeof sequential>[0][number][]): (() => Model) => {
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
export const MOST = 21;

export const cases: readonly (readonly [string, Case, number])[] = [
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

/** Expects that a training on recorded steps leaves the memory as one before it left it. */
export async function expectSteadyMemory(used: () => number): Promise<void> {
  const runs: number[] = [];
  for (let run = 0; run < 3; run++) {
    await trained({ network: mlp }, false);
    runs.push(used());
  }
  expect(seen.replays).toBeGreaterThanOrEqual(3 * MOST);
  expect(runs[2]).toBe(runs[1]);
}
