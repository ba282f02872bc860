import '@tensorflow/tfjs-backend-cpu';
import { isGradstreamError } from '@gradstream/core';
import * as tf from '@tensorflow/tfjs-core';
import { expect } from 'vitest';
import { captureStep, type CapturedStep } from '../src/capture/capture-step.js';
import { CUDA, cudaBackend } from '../src/cuda.js';
import type { CudaBackend } from '../src/cuda-backend.js';
import { driverCalls } from '../src/driver/driver.js';
import { loadEmulator, numbers, type Emulator } from './emulator.js';

/** What a life of a backend gave, or what ended it. */
export interface Life {
  readonly sums: readonly number[];
  readonly reason: string | undefined;
}

/** A life of a backend that makes each call of the driver: it starts, uploads, computes, records, replays, reads both ways, runs out of memory and ends. */
export async function live(library: string): Promise<Life> {
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
    const large = new Float32Array(2 ** 20 + 1);
    large.set([5], 5);
    const long = keep(tf.tensor(large));
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
const FATAL = [46, 700, 719, 999];

/** A life in which nothing failed, and how often it made each call of the driver. */
export interface WholeLife {
  readonly emulator: Emulator;
  readonly life: Life;
  readonly used: ReadonlyMap<string, number>;
}

/** Lives once, on a small device. */
export async function wholeLife(): Promise<WholeLife> {
  const emulator = await loadEmulator();
  emulator.mend();
  emulator.configure(13_000, 1, 90, 2 ** 28);
  await tf.setBackend('cpu');
  if (tf.findBackendFactory(CUDA) !== null) tf.removeBackend(CUDA);
  const before = driverCalls.map((call) => emulator.called(call));
  const life = await live(emulator.library);
  return {
    emulator,
    life,
    used: new Map(driverCalls.map((call, index) => [call, emulator.called(call) - before[index]!])),
  };
}

/** The calls that can fail and that the life makes. */
export const callsThatFail: readonly string[] = driverCalls.filter((call) => call !== 'cuGetErrorName');

/** The calls that no life makes. */
export function unusedCalls(used: ReadonlyMap<string, number>): readonly string[] {
  return driverCalls.filter((call) => used.get(call) === 0 && !DESCRIBES.includes(call));
}

/** Lets a call fail after so many that do not: a clear error, or no difference. */
export async function expectClear(
  { emulator, life }: WholeLife,
  call: string,
  error: number,
  after: number,
): Promise<void> {
  const tensors = tf.memory().numTensors;
  emulator.fail(call, after, error);
  const outcome: unknown = await live(emulator.library).catch((thrown: unknown) => thrown);
  emulator.mend();
  const isSilent = GIVES_BACK.test(call) || DESCRIBES.includes(call);
  if (isGradstreamError(outcome)) {
    // The device's memory, the driver's failure, or a device that cannot be had.
    expect(['GS_BACKEND_MEMORY', 'GS_CUDA_DRIVER', 'GS_BACKEND_START']).toContain(outcome.code);
    // After an error that breaks the context the next call says so, whichever it is.
    if (isSilent) expect(FATAL).toContain(error);
  } else if (outcome instanceof Error) {
    expect(String(outcome.stack)).toBe('the stack of a GradstreamError');
  } else {
    const { sums, reason } = outcome as Life;
    expect(sums).toEqual(life.sums);
    if (CAPTURES.test(call) && !isSilent) expect(reason).toMatch(/CUDA_ERROR/);
  }
  expect(tf.memory().numTensors).toBe(tensors);
  expect([tf.findBackendFactory(CUDA), emulator.blocks()]).toEqual([null, 0]);
}
