import { readFileSync } from 'node:fs';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { points, trainerOf } from '../fixtures/two-classes.js';

beforeAll(() => tf.setBackend('cpu'));

/**
 * Milliseconds that this thread has computed, where the system tells: on a loaded machine it may stand still for long without being to blame. Elsewhere milliseconds
 * that have passed.
 */
function busy(): number {
  try {
    return Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6;
  } catch {
    return performance.now();
  }
}

describe('the host', () => {
  // Time that the machine gives to others counts here as the process' own where it is virtual: so more than one try.
  it('gets its turn at least every 50 ms while a model trains, validates and is evaluated', { retry: 3 }, async () => {
    const trainer = trainerOf();
    // The first steps warm up: engines compile what they run.
    await trainer.fit(points(64, 8), { validationData: points(16, 8) });
    const gaps: number[] = [];
    let last = busy();
    const timer = setInterval(() => {
      gaps.push(busy() - last);
      last = busy();
    }, 1);
    const began = performance.now();
    while (performance.now() - began < 600) {
      await trainer.fit(points(512, 32), { validationData: points(256, 16) });
      await trainer.evaluate(points(256, 16));
    }
    clearInterval(timer);
    expect(gaps.length).toBeGreaterThan(10);
    expect(Math.max(...gaps)).toBeLessThan(50);
  });
});
