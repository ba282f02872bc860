import { defineCallback, ofType, type Callback, type TrainingCommand } from '@gradstream/core';
import { compile } from '@gradstream/trainer';
import { fromArrays } from '@gradstream/datasets';
import { dense, sequential } from '@gradstream/layers';
import { adam, lossScale, sgd, type GradientTransformation } from '@gradstream/optimizers';
import { expectAllClose } from '@gradstream/testing';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { map } from 'rxjs';
import { beforeAll, expect, it } from 'vitest';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const values = (length: number, of: (index: number) => number): Float32Array =>
  Float32Array.from({ length }, (_, i) => of(i));
const data = fromArrays({
  x: { dtype: 'float32', shape: [12, 3], values: values(36, (i) => Math.sin(i)) },
  y: { dtype: 'float32', shape: [12, 1], values: values(12, (i) => Math.cos(i)) },
} as never).batch(4) as never;

/** The losses of the epochs, and the weights after them. */
async function trained(
  optimizer: GradientTransformation,
  callbacks: readonly Callback[] = [],
): Promise<{ losses: number[]; weights: number[]; failures: string[] }> {
  const model = sequential([dense(4, { activation: 'tanh', inputShape: [3] }), dense(1)], { seed: 1 });
  const trainer = compile(model, { optimizer, loss: 'meanSquaredError' });
  const run = trainer.fit(data, { epochs: 3, callbacks });
  const failures: string[] = [];
  run.events$.pipe(ofType('callbackFailed')).subscribe(({ message }) => failures.push(message));
  const history = await run;
  const weights = model.weights.flatMap(({ variable }) => Array.from(variable.dataSync()));
  trainer.dispose();
  return { losses: history.history['loss'] as number[], weights, failures };
}

it.each([
  ['a loss scale', () => sgd({ learningRate: 0.1 }), () => lossScale(sgd({ learningRate: 0.1 }))],
  ['a loss scale factor', () => adam({ learningRate: 0.1 }), () => adam({ learningRate: 0.1, lossScaleFactor: 64 })],
])('%s changes neither the losses nor the weights', async (_, plain, scaled) => {
  const [expected, received] = [await trained(plain()), await trained(scaled())];
  expect(received.losses).toHaveLength(3);
  expectAllClose(received.losses, expected.losses);
  expectAllClose(received.weights, expected.weights);
});

it('clipping before the optimizer is refused where it would see gradients of a scaled loss', async () => {
  const clip = defineCallback('clip', (events$) =>
    events$.pipe(
      ofType('trainBegin'),
      map((): TrainingCommand => ({ type: 'setGradientClipping', clipping: { by: 'norm', threshold: 1 } })),
    ),
  );
  expect((await trained(sgd(), [clip])).failures).toEqual([]);
  expect((await trained(lossScale(sgd()), [clip])).failures).toEqual([expect.stringContaining('GS_TRAIN_COMMAND')]);
});
