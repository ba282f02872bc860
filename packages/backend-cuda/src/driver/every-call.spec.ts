import { isGradstreamError } from '@gradstream/core';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadEmulator, noEmulator, numbers, onEmulator, type Emulator } from '../../testing/emulator.js';
import { captureStep, type CapturedStep } from '../capture/capture-step.js';
import { CUDA, cudaBackend } from '../cuda.js';
import type { CudaBackend } from '../cuda-backend.js';
import { driverCalls } from './driver.js';

/** What a life of a backend gave, or what ended it. */
interface Life {
  readonly sums: readonly number[];
  readonly reason: string | undefined;
}

/** A life of a backend that makes each call of the driver: it starts, uploads, computes, records, replays, reads both ways, runs out of memory and ends. */
async function live(library: string): Promise<Life> {
  const kept: tf.Tensor[] = [];
  let captured: CapturedStep<tf.Tensor> | undefined;
  const keep = <T extends tf.Tensor>(x: T): T => (kept.push(x), x);
  try {
    await cudaBackend({ library }).start();
    const [x, w] = [keep(numbers([40, 30])), keep(numbers([30, 20], 2))];
    const step = (): tf.Tensor => tf.tidy(() => tf.sum(tf.concat([tf.matMul(x, w), tf.relu(tf.matMul(x, w))], 0)));
    const eager = keep(step()).dataSync()[0]!;
    captured = captureStep(step);
    captured.run();
    const again = captured.results.dataSync()[0]!;
    const reason = captured.reason;
    captured.dispose();
    captured = undefined;
    // More than one read: it goes through a copy on the device.
    const long = keep(tf.tensor(Float32Array.from({ length: 2 ** 20 + 1 }, (_, index) => index)));
    (tf.backend() as CudaBackend).address(long);
    const values = await long.data();
    exhaust();
    return { sums: [eager, again, values[5]!, values[2 ** 20]!], reason };
  } finally {
    captured?.dispose();
    tf.dispose(kept);
    if (tf.findBackendFactory(CUDA) !== null) tf.removeBackend(CUDA);
    await tf.setBackend('cpu');
  }
}

/** Asks for more memory than there is. */
function exhaust(): void {
  try {
    tf.fill([2 ** 28], 1).dispose();
  } catch (error) {
    if (!isGradstreamError(error) || error.code !== 'GS_BACKEND_MEMORY') throw error;
    return;
  }
  throw new Error('There was more memory than there is.');
}

/** Calls that give something back: where they fail, nothing can be done, and nothing is said. */
const GIVES_BACK = /Destroy|Free|Unload|Release/;
/** Calls that only say more about another error. */
const DESCRIBES = ['cuMemGetInfo_v2', 'cuGetErrorName'];
/** Calls without which a step runs as it is. */
const CAPTURES = /Capture|GraphInst/;
/** Errors after which a context can do nothing more. */
const FATAL = [46, 719, 999];

describe.skipIf(noEmulator !== undefined)(`each call of the driver, ${onEmulator}`, () => {
  let emulator: Emulator;
  let whole: Life;
  const used = new Map<string, number>();
  beforeAll(async () => {
    emulator = await loadEmulator();
    await tf.setBackend('cpu');
    emulator.mend();
    emulator.configure(13_000, 1, 90, 2 ** 28);
    if (tf.findBackendFactory(CUDA) !== null) tf.removeBackend(CUDA);
    const before = driverCalls.map((call) => emulator.called(call));
    whole = await live(emulator.library);
    for (const [index, call] of driverCalls.entries()) used.set(call, emulator.called(call) - before[index]!);
  }, 600_000);
  afterAll(() => {
    emulator.mend();
    emulator.configure();
  });

  it('is made in the life that the other tests look at', () => {
    expect(whole).toMatchObject({ reason: undefined, sums: [whole.sums[1], expect.any(Number), 5, 2 ** 20] });
    const unused = driverCalls.filter((call) => used.get(call) === 0);
    expect(unused.filter((call) => !DESCRIBES.includes(call))).toEqual([]);
  });

  /** What a failure ends in, and that the next life is whole. */
  async function expectClear(call: string, error: number, after: number): Promise<void> {
    const tensors = tf.memory().numTensors;
    emulator.fail(call, after, error);
    const outcome: unknown = await live(emulator.library).catch((thrown: unknown) => thrown);
    emulator.mend();
    const isSilent = GIVES_BACK.test(call) || call === 'cuMemGetInfo_v2';
    if (isGradstreamError(outcome)) {
      // The device's memory, the driver's failure, or a device that cannot be had.
      expect(['GS_BACKEND_MEMORY', 'GS_CUDA_DRIVER', 'GS_BACKEND_START']).toContain(outcome.code);
      // After an error that breaks the context the next call says so, whichever it is.
      if (isSilent) expect(FATAL).toContain(error);
    } else if (outcome instanceof Error) {
      expect(String(outcome.stack)).toBe('the stack of a GradstreamError');
    } else {
      const { sums, reason } = outcome as Life;
      expect(sums).toEqual(whole.sums);
      if (CAPTURES.test(call) && !isSilent) expect(reason).toMatch(/CUDA_ERROR/);
    }
    expect([tf.memory().numTensors, tf.findBackendFactory(CUDA), emulator.blocks()]).toEqual([tensors, null, 0]);
    expect(await live(emulator.library)).toEqual(whole);
  }

  it.each(driverCalls.filter((call) => call !== 'cuGetErrorName'))(
    '%s that fails is a clear error or makes no difference, and the process goes on',
    async (call) => {
      // Out of memory, a device that is gone, a launch that failed: at the first use, and at the last.
      for (const error of [2, 46, 719]) await expectClear(call, error, 0);
      await expectClear(call, 999, Math.max(0, used.get(call)! - 1));
    },
  );
});
