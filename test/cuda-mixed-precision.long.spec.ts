import { fromArrays } from '@gradstream/datasets';
import { conv2d, dense, flatten, lstm, sequential, type Model } from '@gradstream/layers';
import { adam, lossScale } from '@gradstream/optimizers';
import { compile, type Precision } from '@gradstream/trainer';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CUDA } from '../packages/backend-cuda/src/cuda.js';
import type { CudaBackend } from '../packages/backend-cuda/src/cuda-backend.js';
import { noEmulator, onEmulator, startOnEmulator } from '../packages/backend-cuda/testing/emulator.js';

const shape = [6, 6, 2];
const data = fromArrays({
  x: { dtype: 'float32', shape: [24, ...shape], values: Float32Array.from({ length: 24 * 72 }, (_, i) => Math.sin(i)) },
  y: { dtype: 'int32', shape: [24], values: Int32Array.from({ length: 24 }, (_, i) => (i * 7) % 3) },
} as never).batch(8) as never;

const images = (): Model =>
  sequential(
    [
      conv2d(4, 3, { activation: 'relu', inputShape: shape }),
      flatten(),
      dense(16),
      dense(3, { activation: 'softmax' }),
    ],
    { seed: 1 },
  );

/** The losses of epochs. */
async function trained(
  precision: Precision | undefined,
  { scaled = false, model = images() } = {},
): Promise<{ losses: number[] }> {
  const plain = adam({ learningRate: 0.01 });
  const trainer = compile(model, {
    optimizer: scaled ? lossScale(plain) : plain,
    loss: 'sparseCategoricalCrossentropy',
    ...(precision === undefined ? {} : { precision }),
  });
  const { history } = await trainer.fit(data, { epochs: 4 });
  trainer.dispose();
  for (const { variable } of model.weights) variable.dispose();
  return { losses: history['loss'] as number[] };
}

describe.skipIf(noEmulator !== undefined)(`training in mixed precision, ${onEmulator}`, () => {
  let backend: CudaBackend;
  let plain: number[];
  beforeAll(async () => {
    ({ backend } = await startOnEmulator({ tensorCores: true }));
    plain = (await trained(undefined)).losses;
  }, 600_000);
  beforeEach(() => expect(tf.getBackend()).toBe(CUDA));
  afterAll(() => tf.removeBackend(CUDA));

  it.each([
    ['mixedBfloat16', 2e-2],
    ['mixedFloat16', 4e-3],
  ] as const)('%s learns as float32 does, with other last digits', async (precision, tolerance) => {
    const tensors = tf.memory().numTensors;
    const { losses } = await trained(precision);
    for (const [epoch, loss] of losses.entries()) {
      expect(loss).not.toBe(plain[epoch]);
      expect(Math.abs(loss / plain[epoch]! - 1)).toBeLessThan(tolerance);
    }
    expect(losses.at(-1)!).toBeLessThan(losses[0]!);
    expect(tf.memory().numTensors).toBe(tensors);
    // The next trainer computes in what it says.
    expect((await trained(undefined)).losses).toEqual(plain);
  });

  it('an optimizer is put into lossScale for float16, once, and only for that', async () => {
    expect((await trained('mixedFloat16', { scaled: true })).losses).toEqual((await trained('mixedFloat16')).losses);
    expect((await trained('mixedBfloat16', { scaled: true })).losses).not.toEqual(plain);
  });

  it('a recurrent layer is rounded too', async () => {
    const model = (): Model =>
      sequential([lstm(5, { inputShape: [12, 6] }), dense(3, { activation: 'softmax' })], { seed: 2 });
    const sequences = fromArrays({
      x: { dtype: 'float32', shape: [16, 12, 6], values: Float32Array.from({ length: 1152 }, (_, i) => Math.sin(i)) },
      y: { dtype: 'int32', shape: [16], values: Int32Array.from({ length: 16 }, (_, i) => i % 3) },
    } as never).batch(8) as never;
    const losses: number[] = [];
    for (const precision of ['float32', 'mixedBfloat16'] as const) {
      const trainer = compile(model(), { optimizer: 'adam', loss: 'sparseCategoricalCrossentropy', precision });
      const { history } = await trainer.fit(sequences, { epochs: 2 });
      losses.push(history['loss']!.at(-1)! as number);
      trainer.dispose();
    }
    expect(losses[0]).not.toBe(losses[1]);
    expect(losses[1]! / losses[0]!).toBeCloseTo(1, 2);
  });

  it('is refused where the active backend does not have it', async () => {
    await tf.setBackend('cpu');
    try {
      expect(() => compile(images(), { loss: 'meanSquaredError', precision: 'mixedBfloat16' })).toThrow(
        /GS_TRAIN_PRECISION[\s\S]*Choose a backend that has it: cuda/,
      );
    } finally {
      await tf.setBackend(CUDA);
    }
    expect(backend.precisions).toEqual(['float32', 'mixedBfloat16', 'mixedFloat16']);
  });
});
