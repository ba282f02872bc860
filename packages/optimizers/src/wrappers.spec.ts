import { expectAllClose } from '@gradstream/testing';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import { expectSteps, kerasOptimizer, type KerasFixture } from '../fixtures/keras-case.js';
import fixture from '../fixtures/wrappers.json' with { type: 'json' };
import { byPattern, lookahead, lossScale, optimizer, scaledLoss, sgd } from './index.js';

const shared = fixture as unknown as KerasFixture;

describe.each(['cpu', 'wasm'])('the numbers of wrappers on %s', (backend) => {
  beforeAll(async () => {
    await tf.setBackend(backend);
  });

  it.each(fixture.lossScale.map((one) => [JSON.stringify(one.inner), one] as const))(
    "lossScale(%s) is Keras' LossScaleOptimizer",
    (_, { inner, initialScale, dynamicGrowthSteps, poison, updates, scales }) => {
      tf.tidy(() => {
        const wrapped = lossScale(kerasOptimizer(inner), { initialScale, dynamicGrowthSteps });
        const loss = tf.scalar(1);
        const seen: number[] = [];
        const state = expectSteps(wrapped, shared, updates, (gradients, step, before) => {
          seen.push(scaledLoss(wrapped, before, loss).dataSync()[0]!);
          const value = (poison as Record<string, string>)[String(step)];
          if (value !== undefined)
            gradients['conv/kernel']![1] = { inf: Infinity, '-inf': -Infinity, nan: NaN }[value]!;
        });
        seen.push(scaledLoss(wrapped, state, loss).dataSync()[0]!);
        expect(seen.slice(1)).toEqual(scales);
      });
    },
  );

  it("byPattern is Keras' MultiOptimizer", () => {
    const { groups, default: fallback, updates } = fixture.groups[0]!;
    const make = ([type, given]: readonly unknown[]) =>
      kerasOptimizer({ type: type as string, arguments: given as Record<string, unknown> });
    const patterns = Object.entries(groups).map(([pattern, one]) => ({
      match: new RegExp(pattern),
      optimizer: make(one as unknown[]),
    }));
    const grouped = byPattern(patterns, make(fallback));
    tf.tidy(() => {
      expectSteps(grouped, shared, updates);
    });
    tf.tidy(() => {
      expectSteps(optimizer(JSON.parse(JSON.stringify(grouped.config)) as never), shared, updates);
    });
  });

  it.each(fixture.lookahead)('lookahead of $steps steps with alpha $alpha', (one) => {
    const { learningRate, momentum, steps, alpha, updates } = one;
    tf.tidy(() => {
      const state = expectSteps(lookahead(sgd({ learningRate, momentum }), { steps, alpha }), shared, updates);
      expectAllClose((state as { calls: tf.Tensor }).calls, [updates.length]);
    });
  });
});
