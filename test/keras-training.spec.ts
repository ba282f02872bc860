import { fromArrays } from '@gradstream/datasets';
import { dense, input, sequential, type Model } from '@gradstream/layers';
import { binaryCrossentropy, categoricalCrossentropy, sparseCategoricalCrossentropy } from '@gradstream/objectives';
import { adam, adamW, rmsprop, sgd } from '@gradstream/optimizers';
import { exponentialDecay } from '@gradstream/optimizers/schedules';
import { l1, l2 } from '@gradstream/regularizers';
import { maxNorm } from '@gradstream/regularizers/constraints';
import { expectAllClose } from '@gradstream/testing';
import { compile, type BatchSource, type CompileOptions } from '@gradstream/trainer';
import { useBackend } from 'gradstream';
import { describe, expect, it } from 'vitest';
import fixture from './fixtures/training.json' with { type: 'json' };

type Hidden = Parameters<typeof dense>[1];

/** The same trainings as in tools/reference/training.py. */
const trainings: Record<string, CompileOptions & { hidden?: Hidden }> = {
  adam: {
    optimizer: adam({ learningRate: 0.05 }),
    loss: sparseCategoricalCrossentropy({ fromLogits: true }),
    metrics: ['accuracy'],
  },
  'sgd with momentum': {
    optimizer: sgd({ learningRate: 0.1, momentum: 0.9 }),
    loss: categoricalCrossentropy({ fromLogits: true }),
    metrics: ['accuracy'],
  },
  'sgd with nesterov and l2': {
    optimizer: sgd({ learningRate: 0.1, momentum: 0.8, nesterov: true }),
    loss: sparseCategoricalCrossentropy({ fromLogits: true }),
    metrics: ['accuracy'],
    hidden: { kernelRegularizer: l2(0.02), biasRegularizer: l1(0.01) },
  },
  'rmsprop with max norm': {
    optimizer: rmsprop({ learningRate: 0.05 }),
    loss: 'meanSquaredError',
    metrics: ['mse', 'mae'],
    hidden: { kernelConstraint: maxNorm({ maxValue: 0.8 }) },
  },
  'adamW with clipping': {
    optimizer: adamW({ learningRate: 0.05, weightDecay: 0.1, globalClipNorm: 0.05 }),
    loss: 'meanAbsoluteError',
    metrics: ['mae'],
  },
  binary: {
    optimizer: adam({ learningRate: exponentialDecay({ initialLearningRate: 0.1, decaySteps: 4, decayRate: 0.5 }) }),
    loss: binaryCrossentropy({ fromLogits: true }),
  },
};

const { batch, epochs, cases } = fixture;
const x = { dtype: 'float32', shape: [fixture.x.length / 6, 6], values: Float32Array.from(fixture.x) } as const;

function network({ units, initial }: (typeof cases)[number], hidden: Hidden): Model {
  const model = sequential([input({ shape: [6] }), dense(5, { activation: 'tanh', ...hidden }), dense(units)]);
  model.setWeights(
    Object.fromEntries(
      model.weights.map(({ path, shape }, index) => [
        path,
        { dtype: 'float32', shape, values: Float32Array.from(initial[index]!) },
      ]),
    ),
  );
  return model;
}

describe.each(['cpu', 'wasm', 'wasm-simd'])('training on %s has the numbers of Keras', (backend) => {
  it.each(cases.map((row) => [row.name, row] as const))('%s', async (name, row) => {
    await useBackend(backend);
    const { hidden, ...options } = trainings[name]!;
    const model = network(row, hidden);
    const trainer = compile(model, options);
    const y =
      Number.isInteger(row.y[0]) && row.yShape.length === 1
        ? ({ dtype: 'int32', shape: row.yShape, values: Int32Array.from(row.y) } as const)
        : ({ dtype: 'float32', shape: row.yShape, values: Float32Array.from(row.y) } as const);
    const data = fromArrays({ x, y });
    const steps: number[] = [];
    const run = trainer.fit(data.batch(batch) as BatchSource, {
      epochs,
      validationData: data.take(7).batch(3) as BatchSource,
      logEvery: 1,
    });
    run.events$.subscribe((event) => event.type === 'stepEnd' && steps.push(event.logs!.loss!));
    const { history } = await run;

    const near = { relative: 2e-5, absolute: 2e-6 };
    expectAllClose(steps, row.steps, near);
    expect(Object.keys(history).toSorted()).toEqual(Object.keys(row.history).toSorted());
    for (const [key, values] of Object.entries(row.history)) expectAllClose(history[key]!, values, near);
    const evaluation = await trainer.evaluate(data.batch(batch) as BatchSource);
    for (const [key, value] of Object.entries(row.evaluation)) expectAllClose(evaluation[key]!, value, near);
    expectAllClose((await trainer.predict(x, { batchSize: 5 })).values, row.prediction, near);
    const weights = Object.values(await model.getWeights());
    weights.forEach(({ values }, index) => expectAllClose(values, row.final[index]!, near));
    trainer.dispose();
    model.dispose();
  });
});
