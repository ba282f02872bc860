import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { noEmulator, onEmulator, startOnEmulator } from '../packages/backend-cuda/testing/emulator.js';
import { cases, mlp, MOST, seen, trained, watchRecorder } from './recorded-training.js';

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
    const used = (): number => (tf.memory() as unknown as { device: { used: number } }).device.used;
    const runs: number[] = [];
    for (let run = 0; run < 3; run++) {
      await trained({ network: mlp }, false);
      runs.push(used());
    }
    expect(seen.replays).toBeGreaterThanOrEqual(3 * MOST);
    expect(runs[2]).toBe(runs[1]);
  });
});
