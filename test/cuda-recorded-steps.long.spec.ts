import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { noEmulator, onEmulator, startOnEmulator } from '../packages/backend-cuda/testing/emulator.js';
import { cases, expectSteadyMemory, seen, trained, watchRecorder } from './recorded-training.js';

describe.skipIf(noEmulator !== undefined)(`recorded steps on cuda have the bits of usual ones, ${onEmulator}`, () => {
  let unwatch: () => void;
  beforeAll(async () => void (await startOnEmulator()), 600_000);
  beforeEach(async () => {
    await tf.setBackend('cuda');
    unwatch = watchRecorder();
  });
  afterEach(() => unwatch());

  it.each(cases)('%s', async (_, given, least) => {
    const eager = await trained(given, true);
    const recorded = await trained(given, false);
    expect(recorded.weights).toEqual(eager.weights);
    expect(recorded.logs).toEqual(eager.logs);
    expect(recorded.replays, seen.reasons.join()).toBeGreaterThanOrEqual(least);
  });

  it('the memory is what it was before', async () => {
    await expectSteadyMemory(() => (tf.memory() as unknown as { device: { used: number } }).device.used);
  });
});
