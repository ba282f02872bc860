import { defineCallback, ofType } from '@gradstream/core';
import { fromArrays, type Dataset, type Example } from '@gradstream/datasets';
import { dense, embedding, flatten, lambda, sequential, type Model } from '@gradstream/layers';
import { compile } from '@gradstream/trainer';
import { useBackend } from 'gradstream';
import * as tf from '@tensorflow/tfjs-core';
import { filter, map } from 'rxjs';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  expectSteadyMemory,
  cases,
  labels,
  mlp,
  MOST,
  samples,
  seen,
  trained,
  watchRecorder,
  with_,
  type Case,
} from './recorded-training.js';

let unwatch: () => void;
beforeAll(async () => void (await useBackend('wasm-simd')));
beforeEach(() => void (unwatch = watchRecorder()));
afterEach(() => unwatch());

describe('recorded steps have the bits of usual ones', () => {
  it.each(cases)('%s', async (_, given, least) => {
    const eager = await trained(given, true);
    expect(eager.replays).toBe(0);
    const recorded = await trained(given, false);
    expect(recorded.weights).toEqual(eager.weights);
    expect(recorded.logs).toEqual(eager.logs);
    expect(recorded.replays, seen.reasons.join()).toBeGreaterThanOrEqual(least);
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
    expect(seen.replays).toBeGreaterThan(6);
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
    expect(seen.replays).toBeGreaterThan(12);
    expect([...held!.dataSync()]).toEqual(then);
    expect([...net.tensors[path]!.dataSync()]).not.toEqual(then);
    held!.dispose();
  });

  it('the memory is what it was before', async () => {
    await expectSteadyMemory(() => (tf.memory() as unknown as { heap: { used: number } }).heap.used);
  });
});
