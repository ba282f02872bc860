import { isGradstreamError } from '@gradstream/core';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { loadEmulator, noEmulator, numbers, onEmulator, startOnEmulator, type Emulator } from '../testing/emulator.js';
import { CUDA, cudaBackend } from './cuda.js';
import type { CudaBackend } from './cuda-backend.js';

/** What a step of training does: uploads, products, copies, a reading that waits and one that does not. */
async function work(): Promise<number> {
  const result = tf.tidy(() => {
    const x = tf.matMul(numbers([40, 30]), numbers([30, 20], 2));
    return tf.sum(tf.softmax(tf.concat([x, tf.relu(x)], 1)));
  });
  try {
    const waited = result.dataSync()[0]!;
    const [later] = await result.data();
    expect(later).toBe(waited);
    return waited;
  } finally {
    result.dispose();
  }
}

describe.skipIf(noEmulator !== undefined)(`CudaBackend, ${onEmulator}`, () => {
  let emulator: Emulator;
  beforeAll(async () => void (emulator = await loadEmulator()), 600_000);
  beforeEach(async () => void (await startOnEmulator()));
  afterAll(() => {
    emulator.mend();
    tf.removeBackend(CUDA);
  });

  const failures = [
    'cuMemAlloc_v2',
    'cuMemHostAlloc',
    'cuMemcpyHtoDAsync_v2',
    'cuMemcpyDtoHAsync_v2',
    'cuEventCreate',
    'cuEventRecord',
    'cuEventQuery',
    'cuEventSynchronize',
    'cuModuleLoadData',
    'cuModuleGetFunction',
    'cuLaunchKernel',
  ].flatMap((call) => [2, 700, 719, 999].map((error) => [call, error] as const));

  it.each(failures)('a %s that fails with %i is a clear error, and the process goes on', async (call, error) => {
    const before = emulator.called(call);
    expect(await work()).toBeCloseTo(40, 3);
    const calls = emulator.called(call) - before;
    for (const after of new Set([0, calls - 1])) {
      await startOnEmulator();
      const tensors = tf.memory().numTensors;
      emulator.fail(call, after, error);
      const failure: unknown = await work().then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      emulator.mend();
      // Memory that is used up once is given back by the pool, and asked for again.
      if (call === 'cuMemAlloc_v2' && error === 2) expect(failure).toBeUndefined();
      else if (!isGradstreamError(failure)) expect({ call, failure }).toEqual({ call, failure: 'a GradstreamError' });
      else expect(failure.code).toBe(error === 2 ? 'GS_BACKEND_MEMORY' : 'GS_CUDA_DRIVER');
      expect(tf.memory().numTensors).toBe(tensors);
      await cudaBackend({ library: emulator.library }).start();
      expect(await work()).toBeCloseTo(40, 3);
    }
    tf.removeBackend(CUDA);
    expect(emulator.blocks()).toBe(0);
  });

  it('says the same at once after an error that breaks the context', async () => {
    emulator.fail('cuLaunchKernel', 0, 719);
    await expect(work()).rejects.toThrow(/CUDA_ERROR_LAUNCH_FAILED/);
    const launches = emulator.called('cuLaunchKernel');
    await expect(work()).rejects.toThrow(/CUDA_ERROR_LAUNCH_FAILED/);
    expect(emulator.called('cuLaunchKernel')).toBe(launches);
  });

  it('says that the device is full, and goes on when it is not', async () => {
    tf.removeBackend(CUDA);
    emulator.configure(13_000, 1, 90, 2 ** 20);
    await cudaBackend({ library: emulator.library }).start();
    const all: tf.Tensor[] = [];
    expect(() => {
      for (;;) all.push(tf.fill([64, 1024], 1));
    }).toThrow(/GS_BACKEND_MEMORY[\s\S]*used up/);
    tf.dispose(all);
    expect(await work()).toBeCloseTo(40, 3);
  });

  it('throws for an index out of range when numbers are read next, once', () => {
    // Indices that are computed: those that the host knows are checked at once.
    const y = tf.tidy(() =>
      tf.gather(tf.tensor1d([1, 2, 3]), tf.add(tf.tensor1d([0, 6], 'int32'), tf.scalar(1, 'int32'))),
    );
    expect(() => y.dataSync()).toThrow(/GS_BACKEND_KERNEL[\s\S]*out of range at place 1/);
    expect(y.dataSync().length).toBe(2);
    y.dispose();
  });

  it('takes no more memory once a step has run', async () => {
    await work();
    const backend = tf.backend() as CudaBackend;
    const before = backend.memory().device;
    for (let step = 0; step < 20; step++) await work();
    const after = backend.memory().device;
    expect([after.used, after.reserved, after.allocations]).toEqual([before.used, before.reserved, before.allocations]);
    expect(after.reuses).toBeGreaterThan(before.reuses);
  });
});
