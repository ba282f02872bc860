import '@tensorflow/tfjs-backend-cpu';
import { expectAllClose } from '@gradstream/testing';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { exponentialDecay } from './exponential-decay.js';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const at = (schedule: ReturnType<typeof exponentialDecay>, step: number): number =>
  tf.tidy(() => schedule(tf.scalar(step, 'int32')).dataSync()[0]!);

describe('exponentialDecay', () => {
  it('is rate * decayRate ^ (step / decaySteps)', () => {
    const schedule = exponentialDecay({ initialLearningRate: 0.1, decaySteps: 4, decayRate: 0.5 });
    expectAllClose(
      [0, 1, 4, 10, 400].map((step) => at(schedule, step)),
      [0, 1, 4, 10, 400].map((step) => 0.1 * 0.5 ** (step / 4)),
    );
  });

  it('goes down in steps where it is told to', () => {
    const schedule = exponentialDecay({ initialLearningRate: 0.1, decaySteps: 4, decayRate: 0.5, staircase: true });
    expectAllClose(
      [0, 3, 4, 7, 8].map((step) => at(schedule, step)),
      [0.1, 0.1, 0.05, 0.05, 0.025],
    );
  });

  it('leaves no tensor behind', () => {
    const schedule = exponentialDecay({ initialLearningRate: 0.1, decaySteps: 4, decayRate: 0.5 });
    at(schedule, 1);
    const before = tf.memory().numTensors;
    for (let step = 0; step < 10; step++) at(schedule, step);
    expect(tf.memory().numTensors).toBe(before);
  });

  it.each([
    [{ initialLearningRate: -1, decaySteps: 4, decayRate: 0.5 }, 'GS_OPTION_VALUE'],
    [{ initialLearningRate: 0.1, decaySteps: 0, decayRate: 0.5 }, 'GS_OPTION_VALUE'],
    [{ initialLearningRate: 0.1, decaySteps: 4, decayRate: 0.5, stairs: true }, 'GS_OPTION_UNKNOWN'],
  ])('refuses %j', (options, code) => {
    expect(() => exponentialDecay(options as never)).toThrow(new RegExp(`^${code} `));
  });
});
