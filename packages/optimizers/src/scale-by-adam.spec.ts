import { expectAllClose } from '@gradstream/testing';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import { adam, adamW, rmsprop, scaleByAdam, sgd, stateTensors, type GradientTransformation } from './index.js';

/** How many kernels a step runs for each weight, and how many for all of them together. */
async function kernelsOf(optimizer: GradientTransformation): Promise<{ each: number; shared: number }> {
  const count = async (weights: number): Promise<number> => {
    const params = Object.fromEntries(Array.from({ length: weights }, (_, index) => [`w${index}`, tf.ones([4, 3])]));
    const state = optimizer.init(params);
    const { kernels } = await tf.profile(() =>
      tf.tidy(() => Object.values(optimizer.update(params, state, params).updates)),
    );
    return kernels.length;
  };
  const [one, two] = [await count(1), await count(2)];
  return { each: two - one, shared: 2 * one - two };
}

beforeAll(async () => {
  await tf.setBackend('cpu');
});

describe('the kernels of a step', () => {
  // `each` is what a big model pays: nine for adam (five for m and v, three for the direction, one factor for everything else).
  it.each([
    ['sgd', sgd(), { each: 1, shared: 1 }],
    ['sgd with momentum', sgd({ momentum: 0.9 }), { each: 3, shared: 2 }],
    ['sgd with nesterov', sgd({ momentum: 0.9, nesterov: true }), { each: 5, shared: 2 }],
    ['rmsprop', rmsprop(), { each: 7, shared: 5 }],
    ['adam', adam(), { each: 9, shared: 12 }],
    ['adamW', adamW(), { each: 11, shared: 14 }],
    ['sgd with a global norm', sgd({ globalClipNorm: 1 }), { each: 3, shared: 9 }],
  ] as const)('%s', async (_, optimizer, expected) => {
    expect(await kernelsOf(optimizer)).toEqual(expected);
  });
});

it('keeps its bias corrections close to the exact ones over many steps', () => {
  const [beta1, beta2] = [0.9, 0.999];
  const part = scaleByAdam({ beta1, beta2 });
  let state = part.init({});
  let worst = 0;
  for (let step = 1; step <= 12_000; step++) {
    const old = state;
    state = tf.tidy(() => part.update({}, old, {}).state);
    tf.dispose(Object.values(stateTensors(old)));
    if (step > 20 && step % 97 !== 0) continue;
    const { mWeight, vWeight } = stateTensors(state);
    const exact = Math.sqrt((1 - beta2 ** step) / (1 - beta2)) / ((1 - beta1 ** step) / (1 - beta1));
    worst = Math.max(worst, Math.abs(Math.sqrt(vWeight!.dataSync()[0]!) / mWeight!.dataSync()[0]! / exact - 1));
  }
  expect(worst).toBeLessThan(1e-5);
});

describe.each(['cpu', 'wasm'])('scaleByAdam on %s', (backend) => {
  beforeAll(async () => {
    await tf.setBackend(backend);
  });

  it('takes a step of the learning rate whatever the size of a steady gradient', () => {
    tf.tidy(() => {
      const part = scaleByAdam();
      const params = { w: tf.ones([4]) };
      let state = part.init(params);
      for (let step = 0; step < 10; step++) {
        const result = part.update({ w: tf.tensor1d([1e-2, -1, 1e3, 0]) }, state, params);
        state = result.state;
        // 1e-5 below 1 for the smallest: epsilon.
        expectAllClose(result.updates['w']!, [1, -1, 1, 0], { relative: 0, absolute: 4e-4 });
      }
    });
  });

  it('lets a NaN in one gradient through to its weight alone', () => {
    tf.tidy(() => {
      const optimizer = adam();
      const params = { a: tf.ones([2]), b: tf.ones([2]) };
      const { updates } = optimizer.update(
        { a: tf.tensor1d([NaN, 1]), b: tf.ones([2]) },
        optimizer.init(params),
        params,
      );
      expect(Array.from(updates['a']!.dataSync(), Number.isNaN)).toEqual([true, false]);
      expect(Array.from(updates['b']!.dataSync(), Number.isNaN)).toEqual([false, false]);
    });
  });
});
