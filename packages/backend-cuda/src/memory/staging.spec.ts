import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { noEmulator, onEmulator, startOnEmulator, type Emulator } from '../../testing/emulator.js';
import { CUDA } from '../cuda.js';
import type { CudaBackend } from '../cuda-backend.js';

/** Elements of a batch that needs two pieces, and of one that is sent in the order of the work. */
const [LARGE, SMALL] = [1_500_000, 1000];

describe.skipIf(noEmulator !== undefined)(`uploads, ${onEmulator}`, () => {
  let backend: CudaBackend;
  let emulator: Emulator;
  beforeAll(async () => void ({ emulator } = await startOnEmulator()), 600_000);
  beforeEach(async () => {
    ({ backend } = await startOnEmulator());
    emulator.defer(1);
  });
  afterEach(() => {
    emulator.defer(0);
    tf.removeBackend(CUDA);
    expect(emulator.blocks()).toBe(0);
  });

  const batch = (count: number, step: number): Float32Array => {
    const values = new Float32Array(count).fill(step);
    values[0] = -step;
    return values;
  };
  /** Sums of a few places, so that the emulator is not long at it. */
  const work = (x: tf.Tensor): tf.Tensor =>
    tf.tidy(() => tf.sum(tf.concat([tf.slice(x, 0, 10), tf.slice(x, x.size - 10, 10)])));

  it.each([
    ['large', LARGE],
    ['small', SMALL],
  ])('%s batches arrive as they were, though work is done as late as it may be', async (_, count) => {
    const sums: tf.Tensor[] = [];
    for (let step = 1; step <= 12; step++) {
      const values = batch(count, step);
      const x = tf.tensor(values);
      sums.push(work(x));
      // The host may use its memory again at once, and the tensor's goes to the next one.
      values.fill(Number.NaN);
      x.dispose();
    }
    for (const [index, sum] of sums.entries()) expect((await sum.data())[0]).toBe(18 * (index + 1));
    tf.dispose(sums);
  });

  it('the next batch arrives while the work on the last one still waits', () => {
    const first = tf.tensor(batch(LARGE, 1));
    const sum = work(first);
    const { stream, driver } = backend.runtime;
    const copies: number[] = [];
    const send = driver.cuMemcpyHtoDAsync_v2;
    driver.cuMemcpyHtoDAsync_v2 = (to, from, bytes, on) => {
      copies.push(on);
      return send(to, from, bytes, on);
    };
    const second = tf.tensor(batch(LARGE, 2));
    backend.address(second);
    driver.cuMemcpyHtoDAsync_v2 = send;
    expect(copies).toEqual([copies[0], copies[0]]);
    expect(copies[0]).not.toBe(stream);
    const waiting = emulator.waiting(stream);
    expect([emulator.waiting(copies[0]!) > 0, waiting > 0]).toEqual([true, true]);
    expect(driver.cuStreamSynchronize(copies[0]!)).toBe(0);
    expect([emulator.waiting(copies[0]!), emulator.waiting(stream)]).toEqual([0, waiting]);
    expect(sum.dataSync()[0]).toBe(18);
    expect(work(second).dataSync()[0]).toBe(36);
    tf.dispose([first, second]);
  });

  it('need the waiting: without it numbers are wrong here', async () => {
    const { driver } = backend.runtime;
    const wait = driver.cuStreamWaitEvent;
    driver.cuStreamWaitEvent = () => 0;
    try {
      const x = tf.tensor(batch(LARGE, 3));
      expect(work(x).dataSync()[0]).not.toBe(54);
      x.dispose();
    } finally {
      driver.cuStreamWaitEvent = wait;
    }
  });

  it('go in the order of the work where the device has no room beside', async () => {
    ({ backend } = await startOnEmulator({ memoryLimit: 2 ** 23 }));
    const x = tf.tensor(batch(LARGE, 4));
    expect(work(x).dataSync()[0]).toBe(72);
    x.dispose();
    expect(backend.memory().device.reserved).toBeLessThanOrEqual(2 ** 23);
  });
});
