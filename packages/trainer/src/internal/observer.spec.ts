import '@tensorflow/tfjs-backend-cpu';
import {
  defineCallback,
  type Observe,
  type Statistics,
  type TrainingCommand,
  type TrainingEvent,
} from '@gradstream/core';
import { fromArrays } from '@gradstream/datasets';
import { dense, dropout, lambda, sequential, type Model } from '@gradstream/layers';
import { adam, sgd } from '@gradstream/optimizers';
import { kernelCounts } from '@gradstream/testing';
import * as tf from '@tensorflow/tfjs-core';
import { concatMap, of } from 'rxjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { network, points, trainerOf, watch } from '../../fixtures/two-classes.js';
import { compile } from '../compile.js';
import type { BatchSource } from '../index.js';

beforeAll(() => tf.setBackend('cpu'));

const asks = (name: string, ...requests: Omit<Observe, 'type'>[]) =>
  defineCallback(name, () =>
    of<TrainingCommand[]>(...requests.map((request) => ({ type: 'observe', ...request }) as const)),
  );

const statisticsOf = (events: readonly TrainingEvent[], kind: Statistics['kind']): Statistics[] =>
  events.filter((event) => event.type === 'statistics').filter((event) => event.kind === kind);

/** Rows of two numbers and a target each, given in their order. */
const rows = (x: readonly number[], y: readonly number[], batch = y.length): BatchSource =>
  fromArrays({
    x: { dtype: 'float32', shape: [y.length, 2], values: Float32Array.from(x) },
    y: { dtype: 'float32', shape: [y.length, 1], values: Float32Array.from(y) },
  }).batch(batch);

async function observed(model: Model, data: BatchSource, steps: number, ...requests: Omit<Observe, 'type'>[]) {
  const trainer = compile(model, { optimizer: sgd({ learningRate: 0.1 }), loss: 'meanSquaredError' });
  return (await watch(trainer, data, { epochs: steps, callbacks: [asks('asks', ...requests)] })).events;
}

describe('statistics', () => {
  it('of inputs and targets come under the names of inputs and outputs', async () => {
    const { events } = await watch(trainerOf(), points(16, 16), {
      callbacks: [asks('asks', { kind: 'inputs', every: 1 }, { kind: 'targets', every: 1 })],
    });
    const [inputs] = statisticsOf(events, 'inputs');
    const [targets] = statisticsOf(events, 'targets');
    expect(Object.values(inputs!.tensors)[0]).toMatchObject({ size: 32 });
    expect(Object.values(targets!.tensors)[0]).toMatchObject({ size: 16, min: 0, max: 1 });
  });

  it('are a request of each callback: one ends its own alone', async () => {
    const { events } = await watch(trainerOf(), points(64, 16), {
      callbacks: [
        asks('two', { kind: 'weights', every: 2 }),
        asks('buckets', { kind: 'weights', every: 4, buckets: 3 }),
        asks('ends', { kind: 'weights', every: 1 }, { kind: 'weights', every: 0 }),
      ],
    });
    const seen = statisticsOf(events, 'weights');
    expect(
      seen.map(({ globalStep, tensors }) => [globalStep, tensors['dense/kernel']!.histogram?.counts.length]),
    ).toEqual([
      [0, 3],
      [2, undefined],
    ]);
  });

  it('of clipped gradients are those that the optimizer sees', async () => {
    const clips = defineCallback('clips', () =>
      of<TrainingCommand>({ type: 'setGradientClipping', clipping: { by: 'globalNorm', threshold: 0.01 } }),
    );
    const { events } = await watch(trainerOf(), points(16, 16), {
      callbacks: [clips, asks('asks', { kind: 'gradients', every: 1 }, { kind: 'clippedGradients', every: 1 })],
    });
    const normOf = (kind: Statistics['kind']): number =>
      Math.hypot(...Object.values(statisticsOf(events, kind)[0]!.tensors).map(({ norm }) => norm));
    expect(normOf('gradients')).toBeGreaterThan(0.02);
    expect(normOf('clippedGradients')).toBeCloseTo(0.01, 5);
  });

  it('tell the share of a sigmoid’s and a tanh’s output that is level', async () => {
    const model = sequential([
      lambda((x) => x, { inputShape: [2], name: 'same' }),
      dense(2, { activation: 'tanh', kernelInitializer: 'identity' }),
      dense(2, { activation: 'sigmoid', kernelInitializer: 'identity' }),
      dense(1),
    ]);
    // tanh levels off beyond atanh(sqrt(0.95)) = 2.18.
    const events = await observed(model, rows([3, 0, -3, 2, 2.3, 2.1, 0, 1], [0, 0, 0, 0]), 1, {
      kind: 'activations',
      every: 1,
    });
    const { tensors } = statisticsOf(events, 'activations')[0]!;
    expect(tensors['dense']!.saturatedFraction).toBeCloseTo(3 / 8);
    expect(tensors['dense_1']!.saturatedFraction).toBe(0);
    expect(tensors['dense_2']!.saturatedFraction).toBeUndefined();
  });
});

describe('a window', () => {
  it('tells which units were 0, or one value, on every sample of its steps', async () => {
    // No bias, and the identity as kernel: a unit is its input, cut at 0.
    const model = sequential([
      dense(2, { activation: 'relu', kernelInitializer: 'identity', inputShape: [2], useBias: false, name: 'cut' }),
      dense(1, { kernelInitializer: 'zeros', trainable: false }),
    ]);
    // Over two batches the first unit is alive in the second, the second unit never.
    const data = rows([-1, -1, -2, -1, 3, -1, -1, 0], [1, 1, 1, 1], 2);
    const events = await observed(
      model,
      data,
      2,
      { kind: 'activations', every: 1, window: 2 },
      { kind: 'targets', every: 1, window: 3 },
    );
    const seen = statisticsOf(events, 'activations').map(({ tensors }) => tensors['cut']!);
    expect(seen.map(({ deadFraction }) => deadFraction)).toEqual([undefined, 0.5, undefined, 0.5]);
    expect(seen[1]!.constantFraction).toBe(0.5);
    const targets = statisticsOf(events, 'targets').map(({ tensors }) => Object.values(tensors)[0]!);
    expect(targets.map(({ constantFraction, deadFraction }) => [constantFraction, deadFraction])).toEqual([
      [undefined, undefined],
      [undefined, undefined],
      [1, 0],
      [undefined, undefined],
    ]);
  });
});

describe('nonFinite', () => {
  const bad = (name: string, at: number, make: (x: tf.Tensor) => tf.Tensor) => {
    let calls = 0;
    return lambda((x) => (calls++ === at ? make(x) : x), { name, inputShape: [2], outputShape: [2] });
  };
  const found = (events: readonly TrainingEvent[]) => events.filter((event) => event.type === 'nonFinite');

  /** Seven batches, of which the one at an index has a number that a logarithm cannot take. */
  const withBad = (at: number): BatchSource => {
    const x = Array.from({ length: 14 }, (_, index) => (Math.floor(index / 2) === at ? -1 : 1 + index / 10));
    return rows(x, [0, 1, 0, 1, 0, 1, 0], 1);
  };
  const withLog = (): Model =>
    sequential([lambda((x) => tf.log(x), { name: 'log', inputShape: [2], outputShape: [2] }), dropout(0.2), dense(1)], {
      seed: 1,
    });

  it.each([
    [3, 8],
    [0, 8],
    [4, 4],
    [5, 100],
    [6, 1],
  ])('names the layer that made them and the step: bad batch %d, every %d', async (at, every) => {
    const events = await observed(withLog(), withBad(at), 2, { kind: 'nonFinite', every });
    expect(found(events)).toEqual([
      { type: 'nonFinite', epoch: 0, globalStep: at, kind: 'activations', name: 'log', time: expect.any(Number) },
    ]);
  });

  it('goes through batches that the data does not give again, in memory that it uses again', async () => {
    const memory = new Float32Array(2);
    const stream = {
      async *[Symbol.asyncIterator]() {
        for (let index = 0; index < 7; index++) {
          memory.set(index === 4 ? [1, -1] : [1 + index, 2]);
          const y = { dtype: 'float32', shape: [1, 1], values: Float32Array.of(index) } as const;
          yield { x: { dtype: 'float32', shape: [1, 2], values: memory } as const, y };
        }
      },
    };
    const events = await observed(withLog(), stream, 1, { kind: 'nonFinite', every: 100 });
    expect(found(events)).toMatchObject([{ kind: 'activations', name: 'log', globalStep: 4 }]);
  });

  it('goes through several epochs', async () => {
    const steep = { optimizer: sgd({ learningRate: 2 }), loss: 'meanSquaredError' } as const;
    const network = (): Model => sequential([dense(4, { inputShape: [2] }), dense(1)], { seed: 1 });
    const data = fromArrays({
      x: { dtype: 'float32', shape: [6, 2], values: Float32Array.from({ length: 12 }, (_, index) => index) },
      y: { dtype: 'float32', shape: [6, 1], values: new Float32Array(6) },
    })
      .shuffle(6, { seed: 1 })
      .batch(4);
    const steps = await Promise.all(
      [1, 100].map(async (every) => {
        const asking = asks('asks', { kind: 'nonFinite', every });
        const { events } = await watch(compile(network(), steep), data, { epochs: 9, callbacks: [asking] });
        return found(events)[0];
      }),
    );
    expect(steps[0]!.globalStep).toBeGreaterThan(2);
    expect(steps[1]).toMatchObject({ globalStep: steps[0]!.globalStep, kind: steps[0]!.kind, name: steps[0]!.name });
  });

  it('goes through what commands changed on the way, and leaves training where it was', async () => {
    const ending = async (every: number) => {
      const model = withLog();
      const trainer = compile(model, { optimizer: adam(), loss: 'meanSquaredError' });
      const changes: readonly TrainingCommand[] = [
        { type: 'setLearningRate', value: 0.5 },
        { type: 'setGradientClipping', clipping: { by: 'norm', threshold: 0.1 } },
        { type: 'setGradientAccumulation', steps: 2 },
        { type: 'scaleLearningRate', factor: 0.5 },
      ];
      const change = defineCallback('change', (events$) =>
        events$.pipe(concatMap((event) => (event.type === 'stepEnd' ? changes.slice(event.step, event.step + 1) : []))),
      );
      const { events } = await watch(trainer, withBad(5), {
        epochs: 2,
        callbacks: [change, asks('asks', { kind: 'nonFinite', every })],
      });
      const [one] = found(events);
      const weights = await model.getWeights();
      const { steps } = trainer;
      trainer.dispose();
      model.dispose();
      return { weights, steps, step: one?.globalStep };
    };
    const { numTensors } = tf.memory();
    const [close, traced, unseen] = [await ending(1), await ending(100), await ending(0)];
    expect([close.step, traced.step]).toEqual([5, 5]);
    expect(traced).toEqual(close);
    expect(unseen).toEqual({ ...close, step: undefined });
    expect(tf.memory().numTensors).toBe(numTensors);
  });

  it('says which steps it may have been where a function does not give the same again', async () => {
    // With other weights, a few in a hundred, the loss itself would overflow by then.
    const spoilt = (): Model =>
      sequential([dense(2, { inputShape: [2] }), bad('log', 3, (x) => tf.log(tf.sub(x, x))), dense(1)], { seed: 1 });
    const model = spoilt();
    const data = rows([1, 2, 3, 4], [0, 1]);
    const [traced] = found(await observed(model, data, 9, { kind: 'nonFinite', every: 8 }));
    // An epoch has one step here, and ends with a look at the loss.
    expect(traced).toMatchObject({ kind: 'loss', earliest: 1, globalStep: 3 });
    expect(found(await observed(spoilt(), data, 9, { kind: 'nonFinite', every: 1 }))).toMatchObject([
      { kind: 'activations', name: 'log', globalStep: 3 },
    ]);
  });

  it('names a weight that the optimizer spoilt', async () => {
    const model = sequential([dense(1, { inputShape: [2], kernelConstraint: (weight) => tf.div(weight, 0) })]);
    const events = await observed(model, rows([1, 2, 3, 4], [0, 1]), 2, { kind: 'nonFinite', every: 1 });
    expect(found(events)).toMatchObject([{ kind: 'weights', name: 'dense/kernel', globalStep: 0 }]);
  });

  it('names an input, a loss, a weight’s gradient', async () => {
    const plain = (): Model => sequential([dense(2, { inputShape: [2] }), dense(1)]);
    const watched = { kind: 'nonFinite', every: 1 } as const;
    expect(found(await observed(plain(), rows([1, NaN, 3, 4], [0, 1]), 2, watched))).toMatchObject([
      { kind: 'inputs', globalStep: 0 },
    ]);
    expect(found(await observed(plain(), rows([1, 2, 3, 4], [0, 1e30]), 2, watched))).toMatchObject([
      { kind: 'loss', name: 'loss', globalStep: 0 },
    ]);
    // The square root of 0 is 0, its slope is not finite: above it gradients are fine, below they are not.
    const root = sequential([
      dense(2, { inputShape: [2], name: 'low' }),
      lambda((x) => tf.sqrt(tf.relu(x)), { name: 'root' }),
      dense(1, { name: 'high' }),
    ]);
    await root.setWeights({
      ...(await root.getWeights()),
      'low/kernel': { dtype: 'float32', shape: [2, 2], values: new Float32Array(4) },
    });
    expect(found(await observed(root, rows([1, 2, 3, 4], [0, 1]), 2, watched))).toMatchObject([
      { kind: 'gradients', name: 'low/bias', globalStep: 0 },
    ]);
  });

  it('says nothing of a training that is well', async () => {
    const { events } = await watch(trainerOf(), points(64, 16), {
      callbacks: [asks('asks', { kind: 'nonFinite', every: 1 })],
    });
    expect(found(events)).toEqual([]);
  });
});

it('costs a step no kernel when nothing is observed, and leaves nothing behind', async () => {
  const kernels = async (callbacks: Parameters<typeof watch>[2] & object): Promise<number> => {
    const trainer = compile(network(), { optimizer: adam(), loss: 'sparseCategoricalCrossentropy' });
    await trainer.fit(points(16, 16));
    let run: Promise<unknown> | undefined;
    const counts = await kernelCounts(async () => {
      run = trainer.fit(points(64, 16), { logEvery: 100, ...callbacks });
      await run;
    });
    trainer.dispose();
    return Object.values(counts).reduce((sum, count) => sum + count, 0);
  };
  const kinds = [
    'weights',
    'gradients',
    'clippedGradients',
    'updates',
    'activations',
    'inputs',
    'targets',
    'nonFinite',
  ] as const;
  const off = await kernels({});
  const asked = await kernels({ callbacks: [asks('asks', ...kinds.map((kind) => ({ kind, every: 0 })))] });
  const rare = await kernels({
    callbacks: [asks('asks', ...kinds.slice(0, 7).map((kind) => ({ kind, every: 1000 })))],
  });
  const on = await kernels({ callbacks: [asks('asks', ...kinds.map((kind) => ({ kind, every: 1 })))] });
  expect(asked).toBe(off);
  expect(rare).toBe(off);
  expect(on).toBeGreaterThan(off);
});

it('leaves no tensor behind', async () => {
  const model = network();
  const trainer = trainerOf(model);
  await trainer.fit(points(16, 16));
  const before = tf.memory().numTensors;
  const everything = (['activations', 'targets', 'gradients', 'updates', 'inputs', 'nonFinite'] as const).map(
    (kind) => ({
      kind,
      every: 1,
      window: 3,
      buckets: 2,
    }),
  );
  await trainer.fit(points(64, 16), { callbacks: [asks('asks', ...everything)] });
  expect(tf.memory().numTensors).toBe(before);
});
