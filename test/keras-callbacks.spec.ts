import { earlyStopping, learningRateScheduler, reduceLearningRateOnPlateau, swapEma } from '@gradstream/callbacks';
import { ofType, type Callback } from '@gradstream/core';
import { fromArrays } from '@gradstream/datasets';
import { dense, input, sequential, type Model } from '@gradstream/layers';
import { sparseCategoricalCrossentropy } from '@gradstream/objectives';
import { sgd, type SgdOptions } from '@gradstream/optimizers';
import { expectAllClose } from '@gradstream/testing';
import { compile, type BatchSource } from '@gradstream/trainer';
import { useBackend } from 'gradstream';
import { describe, it } from 'vitest';
import fixture from './fixtures/callback-trainings.json' with { type: 'json' };

/** The same trainings as in tools/reference/callback_trainings.py. */
const trainings: Record<string, { sgd: SgdOptions; callbacks: () => Callback[] }> = {
  plateau: {
    sgd: { learningRate: 0.8 },
    callbacks: () => [
      reduceLearningRateOnPlateau({ factor: 0.5, patience: 1, minDelta: 0.06, minLearningRate: 0.25, cooldown: 1 }),
    ],
  },
  schedule: {
    sgd: { learningRate: 0.1 },
    callbacks: () => [learningRateScheduler((epoch, rate) => (epoch % 3 > 0 ? rate * 0.7 : 0.4 / (epoch + 1)))],
  },
  'best of all': {
    sgd: { learningRate: 5 },
    callbacks: () => [earlyStopping({ patience: 2, restoreBestWeights: true })],
  },
  'means in validation': {
    sgd: { learningRate: 0.5, momentum: 0.5, useEma: true, emaMomentum: 0.8 },
    callbacks: () => [swapEma()],
  },
  'means between epochs': {
    sgd: { learningRate: 0.5, useEma: true, emaMomentum: 0.6 },
    callbacks: () => [swapEma({ swapOnEpoch: true })],
  },
};

const { batch, epochs, cases } = fixture;
const x = { dtype: 'float32', shape: [12, 6], values: Float32Array.from(fixture.x) } as const;
const y = { dtype: 'int32', shape: [12], values: Int32Array.from(fixture.y) } as const;
const data = fromArrays({ x, y });
const near = { relative: 2e-5, absolute: 2e-6 };

function network({ initial }: (typeof cases)[number]): Model {
  const model = sequential([input({ shape: [6] }), dense(5, { activation: 'tanh' }), dense(3)]);
  const weights = model.weights.map(({ path, shape }, index) => [
    path,
    { dtype: 'float32', shape, values: Float32Array.from(initial[index]!) } as const,
  ]);
  model.setWeights(Object.fromEntries(weights));
  return model;
}

describe.each(['cpu', 'wasm-simd'])('callbacks on %s have the numbers of Keras', (backend) => {
  it.each(cases.map((row) => [row.name, row] as const))('%s', async (name, row) => {
    await useBackend(backend);
    const model = network(row);
    const options = { optimizer: sgd(trainings[name]!.sgd), loss: sparseCategoricalCrossentropy({ fromLogits: true }) };
    const trainer = compile(model, options);
    const [during, after]: [number[], number[]] = [[], []];
    const run = trainer.fit(data.batch(batch) as BatchSource, {
      epochs,
      validationData: data.take(7).batch(3) as BatchSource,
      callbacks: trainings[name]!.callbacks(),
    });
    run.events$.pipe(ofType('epochEnd')).subscribe(({ learningRate }) => during.push(learningRate!));
    run.events$.pipe(ofType('epochBegin')).subscribe(({ learningRate }) => after.push(learningRate!));
    const { history } = await run;
    for (const [key, values] of Object.entries(row.history)) expectAllClose(history[key]!, values, near);
    // Keras tells the rate after the callbacks of an epoch's end: here the next epoch begins with it. A schedule sets it before the epoch.
    if (name === 'schedule') expectAllClose(during, row.rates, near);
    else expectAllClose(after.slice(1), row.rates.slice(0, -1), near);
    model.weights.forEach(({ variable }, index) => expectAllClose(variable.dataSync(), row.final[index]!, near));
  });
});
