import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { noEmulator, numbers, onEmulator, startOnEmulator, type Emulator } from '../../testing/emulator.js';
import { captureStep } from './capture-step.js';

it('refuses what is no step, and options that it does not know', () => {
  expect(() => captureStep(5 as never)).toThrow(/GS_OPTION/);
  expect(() => captureStep(() => tf.scalar(1), { warmup: 1 } as never)).toThrow('GS_OPTION_UNKNOWN');
  expect(() => captureStep(() => tf.scalar(1), { warmUp: 0 })).toThrow('GS_OPTION_VALUE');
});

it('runs the step as it is on another backend, and says so', async () => {
  await tf.setBackend('cpu');
  let steps = 0;
  const step = captureStep(() => tf.scalar(++steps));
  step.run();
  expect([step.isCaptured, step.reason, step.results.dataSync()[0]]).toEqual([
    false,
    'the active backend is cpu, not cuda',
    3,
  ]);
  step.dispose();
});

describe.skipIf(noEmulator !== undefined)(`captureStep, ${onEmulator}`, () => {
  let emulator: Emulator;
  let weights: tf.Tensor;
  let x: tf.Tensor;
  beforeAll(async () => void (await startOnEmulator()), 600_000);
  beforeEach(async () => {
    ({ emulator } = await startOnEmulator());
    weights = numbers([6, 4]);
    x = numbers([5, 6], 2);
  });

  /** Takes a bit of a product away from the weights: a new tensor in the place of the old one. */
  const step = (): tf.Tensor => {
    const old = weights;
    const y = tf.matMul(x, old);
    weights = tf.keep(tf.sub(old, tf.mul(tf.matMul(x, y, true), 0.01)));
    old.dispose();
    return tf.sum(y);
  };
  const state = (): tf.Tensor[] => [weights];

  /** The sums and the weights of five steps, the second batch from the fourth on. */
  function eager(): { readonly sums: number[]; readonly weights: number[] } {
    const second = numbers([5, 6], 3);
    const sums = Array.from({ length: 5 }, (_, index) => {
      if (index === 3) [x] = [second];
      return tf.tidy(step).dataSync()[0]!;
    });
    return { sums, weights: [...weights.dataSync()] };
  }

  it('gives the same bits as eager steps, with other batches too, and leaves nothing', () => {
    const wanted = eager();
    weights = numbers([6, 4]);
    x = numbers([5, 6], 2);
    const second = numbers([5, 6], 3).dataSync() as Float32Array;
    const before = tf.memory().numTensors;
    const captured = captureStep(step, { state });
    expect([captured.reason, captured.isCaptured]).toEqual([undefined, true]);
    const sums = [captured.results.dataSync()[0]!];
    const launches = emulator.called('cuLaunchKernel');
    captured.run();
    sums.push(captured.results.dataSync()[0]!);
    captured.write(x, second);
    for (let more = 0; more < 2; more++) {
      captured.run();
      sums.push(captured.results.dataSync()[0]!);
    }
    // The batch travelled with a launch.
    expect(emulator.called('cuLaunchKernel')).toBe(launches + 1);
    expect(sums).toEqual(wanted.sums.slice(1));
    expect([...weights.dataSync()]).toEqual(wanted.weights);
    captured.dispose();
    captured.dispose();
    expect(tf.memory().numTensors).toBe(before);
    expect([...weights.dataSync()]).toEqual(wanted.weights);
  });

  it.each<[string, () => tf.Tensor, RegExp]>([
    ['reads numbers', () => tf.scalar(tf.sum(x).dataSync()[0]!), /reads its numbers on the host/],
    ['copies from the host', () => tf.add(tf.sum(x), numbers([100])), /copies from the host/],
  ])('runs a step that %s as it is, and says why', (_, other, reason) => {
    const captured = captureStep(other);
    captured.run();
    expect([captured.isCaptured, captured.reason]).toEqual([false, expect.stringMatching(reason)]);
    expect(captured.results.dataSync().length).toBeGreaterThan(0);
    captured.dispose();
  });

  it.each(['cuStreamBeginCapture_v2', 'cuStreamEndCapture', 'cuGraphInstantiateWithFlags'])(
    'runs steps as they are where %s fails',
    (call) => {
      const wanted = eager();
      weights = numbers([6, 4]);
      x = numbers([5, 6], 2);
      emulator.fail(call, 0, 900);
      const captured = captureStep(step, { state });
      emulator.mend();
      expect([captured.isCaptured, captured.reason]).toEqual([false, expect.stringContaining('CAPTURE_UNSUPPORTED')]);
      captured.run();
      expect(captured.results.dataSync()[0]).toBe(wanted.sums[2]);
      captured.dispose();
    },
  );

  it('ends with the backend', async () => {
    const captured = captureStep(step, { state });
    await startOnEmulator();
    expect(() => captured.run()).toThrow('GS_CUDA_DISPOSED');
    captured.dispose();
  });
});
