import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { noEmulator, numbers, onEmulator, startOnEmulator } from '../../../testing/emulator.js';
import { captureStep } from '../../capture/capture-step.js';
import type { CudaBackend } from '../../cuda-backend.js';

/** Every row of the result is 0.25 of one row and 0.75 of the next. */
const attrs = (to: number): object => {
  const bands = Int32Array.from({ length: to * 4 }, (_, at) => [at >> 2, 2, 0, 0][at & 3]!);
  const bits = new Float32Array(bands.buffer);
  for (let row = 0; row < to; row++) bits.set([0.25, 0.75], row * 4 + 2);
  return { to, taps: 2, bands };
};

const resampled = (x: tf.Tensor, to: number): tf.Tensor =>
  tf.engine().runKernel('GradstreamResample', { x }, attrs(to) as never) as tf.Tensor;

// The whole table of cases is in test/cuda-kernels.spec.ts.
describe.skipIf(noEmulator !== undefined)(`GradstreamResample, ${onEmulator}`, () => {
  let backend: CudaBackend;
  beforeAll(async () => void ({ backend } = await startOnEmulator()), 600_000);

  it('can be recorded with more weights than travel with one launch, and leaves nothing', () => {
    const [tensors, x] = [tf.memory().numTensors, numbers([2, 41, 3])];
    const wanted = tf.tidy(() => resampled(x, 40).dataSync());
    for (const [at, value] of wanted.entries()) {
      const [image, row, column] = [Math.floor(at / 120), Math.floor(at / 3) % 40, at % 3];
      const from = (next: number): number => x.dataSync()[(image * 41 + row + next) * 3 + column]!;
      expect(value).toBeCloseTo(0.25 * from(0) + 0.75 * from(1), 5);
    }
    const used = backend.memory().device.used;
    const step = captureStep(() => resampled(x, 40));
    step.run();
    expect([step.isCaptured, step.reason]).toEqual([true, undefined]);
    expect(step.results.dataSync()).toEqual(wanted);
    step.dispose();
    expect(backend.memory().device.used).toBe(used);
    x.dispose();
    expect(tf.memory().numTensors).toBe(tensors);
  });
});
