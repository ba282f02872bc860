import '@tensorflow/tfjs-backend-cpu';
import { defineCallback, type Callback } from '@gradstream/core';
import { dense, sequential, type Model } from '@gradstream/layers';
import { adam, type GradientTransformation } from '@gradstream/optimizers';
import { expectAllClose } from '@gradstream/testing';
import * as tf from '@tensorflow/tfjs-core';
import { concatMap } from 'rxjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { points, watch } from '../../fixtures/two-classes.js';
import { compile } from '../compile.js';

beforeAll(() => tf.setBackend('cpu'));

const network = (): Model =>
  sequential([dense(4, { activation: 'tanh', inputShape: [2] }), dense(2, { activation: 'softmax' })], { seed: 1 });
/** Asks for so many steps by epoch. */
const steps = (byEpoch: Readonly<Record<number, number>>): Callback =>
  defineCallback('steps', (events$) =>
    events$.pipe(
      concatMap((event) =>
        event.type === 'epochBegin' && byEpoch[event.epoch] !== undefined
          ? [{ type: 'setGradientAccumulation' as const, steps: byEpoch[event.epoch]! }]
          : [],
      ),
    ),
  );
const kernelAfter = async (
  batch: number,
  { callbacks = [], optimizer = adam() }: { callbacks?: Callback[]; optimizer?: GradientTransformation } = {},
): Promise<number[]> => {
  const model = network();
  const trainer = compile(model, { optimizer, loss: 'sparseCategoricalCrossentropy' });
  await trainer.fit(points(64, batch), { epochs: 3, callbacks });
  trainer.dispose();
  return [...model.tensors['dense/kernel']!.dataSync()];
};

describe('setGradientAccumulation', () => {
  it('makes of several batches one step, as one batch of all of them', async () => {
    expectAllClose(await kernelAfter(16, { callbacks: [steps({ 0: 4 })] }), await kernelAfter(64), {
      relative: 1e-5,
      absolute: 1e-6,
    });
  });

  it('is what the optimizer’s own option does', async () => {
    expect(await kernelAfter(16, { callbacks: [steps({ 0: 4 })] })).toEqual(
      await kernelAfter(16, { optimizer: adam({ gradientAccumulationSteps: 4 }) }),
    );
  });

  it('changes in training, and uses at once what is collected', async () => {
    // In the first epoch 3 + 1 batches of 16: the fourth makes a step of its own when the second epoch begins with 1.
    const model = network();
    const trainer = compile(model, { optimizer: adam(), loss: 'sparseCategoricalCrossentropy' });
    const kernels: number[][] = [];
    const look = defineCallback('look', (events$) =>
      events$.pipe(
        concatMap((event) => {
          if (event.type === 'stepEnd') kernels.push([...model.tensors['dense/kernel']!.dataSync()]);
          return [];
        }),
      ),
    );
    const { history } = await watch(trainer, points(64, 16), { epochs: 2, callbacks: [steps({ 0: 3, 1: 1 }), look] });
    expect(history.reason).toBe('completed');
    const changed = kernels.map((kernel, index) => index > 0 && kernel.some((v, at) => v !== kernels[index - 1]![at]));
    expect(changed).toEqual([false, false, true, false, true, true, true, true]);
    expect(kernels[4]).not.toEqual(kernels[3]);
  });

  it('leaks no tensor', async () => {
    const trainer = compile(network(), { optimizer: adam(), loss: 'sparseCategoricalCrossentropy' });
    const fit = (): Promise<unknown> =>
      trainer.fit(points(64, 16), { epochs: 3, callbacks: [steps({ 0: 3, 1: 2, 2: 1 })] });
    await fit();
    const { numTensors } = tf.memory();
    await fit();
    expect(tf.memory().numTensors).toBe(numTensors);
  });

  it.each([0, 1.5, NaN, '2'])('refuses %s', async (wrong) => {
    const trainer = compile(network(), { optimizer: adam(), loss: 'sparseCategoricalCrossentropy' });
    const { events } = await watch(trainer, points(16, 16), { callbacks: [steps({ 0: wrong as number })] });
    expect(events.find(({ type }) => type === 'callbackFailed')).toMatchObject({
      message: expect.stringContaining('GS_TRAIN_COMMAND'),
    });
  });
});
