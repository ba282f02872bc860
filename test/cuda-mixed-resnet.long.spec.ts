import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CUDA } from '../packages/backend-cuda/src/cuda.js';
import type { CudaBackend } from '../packages/backend-cuda/src/cuda-backend.js';
import { noEmulator, onEmulator, startOnEmulator } from '../packages/backend-cuda/testing/emulator.js';
import { resnet } from '../tools/gpu-check/entries/models.js';
import { Training } from '../tools/gpu-check/entries/training.js';

describe.skipIf(noEmulator !== undefined)(`ResNet-20 in mixed precision, ${onEmulator}`, () => {
  let backend: CudaBackend;
  beforeAll(async () => void ({ backend } = await startOnEmulator({ tensorCores: true })), 600_000);
  afterAll(() => tf.removeBackend(CUDA));

  /** The kernels of a step, and the most memory that tensors held in it beside what was there before, in bytes. */
  function stepOf(training: Training): { readonly names: readonly string[]; readonly bytes: number } {
    const { runtime } = backend;
    const names: string[] = [];
    const own = runtime.launch;
    const before = backend.memory().device.used;
    let most = 0;
    runtime.launch = (kernel, ...rest): void => {
      names.push(kernel.name);
      most = Math.max(most, backend.memory().device.used);
      own.call(runtime, kernel, ...rest);
    };
    try {
      training.step().dispose();
    } finally {
      runtime.launch = own;
    }
    return { names, bytes: most - before };
  }

  it('casts its images and at its last pooling alone, and needs half of the memory between', () => {
    const bytes: number[] = [];
    for (const precision of ['float32', 'mixedBfloat16'] as const) {
      backend.usePrecision(precision);
      const training = new Training(resnet({ batch: 8, width: 8 }));
      training.step().dispose();
      const step = stepOf(training);
      bytes.push(step.bytes);
      const casts = step.names.filter((name) => /^(widen|narrow)/.test(name));
      const others = step.names.filter((name) => /^(conv|batch_norm|relu|add|slope_relu|unary_Relu)/.test(name));
      if (precision === 'float32') {
        expect(casts).toEqual([]);
        continue;
      }
      expect(casts.length).toBeLessThanOrEqual(6);
      // Running statistics take none.
      expect(step.names.length).toBeLessThan(300);
      const isWide = (name: string): boolean => !/_bf16$/.test(name) && !/^batch_norm_(join|slopes)$/.test(name);
      // The gradient of the relu before the pooling.
      expect(others.filter(isWide).length).toBeLessThanOrEqual(1);
    }
    expect(bytes[1]! / bytes[0]!).toBeLessThan(0.65);
  }, 300_000);

  it('is recorded with the same bits', async () => {
    backend.usePrecision('mixedBfloat16');
    const losses: (number | undefined)[][] = [];
    for (const isCaptured of [false, true]) {
      const training = new Training(resnet({ batch: 4, width: 4 }));
      const eager = async (): Promise<number | undefined> => {
        const loss = training.step();
        const [value] = await loss.data<'float32'>();
        loss.dispose();
        training.counter.advance();
        void training.counter.tensor;
        return value;
      };
      const values = [await eager()];
      if (!isCaptured) {
        await eager();
        for (let step = 0; step < 2; step++) values.push(await eager());
      } else {
        const captured = training.capture();
        expect(captured.reason).toBeUndefined();
        values.push((await captured.results.data<'float32'>())[0]);
        captured.write(training.counter.tensor, Int32Array.of(4));
        captured.run();
        values.push((await captured.results.data<'float32'>())[0]);
        captured.dispose();
      }
      losses.push(values);
    }
    expect(losses[1]).toEqual(losses[0]);
  }, 300_000);
});
