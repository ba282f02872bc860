import { registerGradients } from '@gradstream/autodiff';
import { fromArrays } from '@gradstream/datasets';
import { bidirectional, dense, gru, input, lstm, sequential } from '@gradstream/layers';
import { compile } from '@gradstream/trainer';
import { useBackend } from 'gradstream';
import { beforeAll, describe, expect, it } from 'vitest';
import * as tf from '@tensorflow/tfjs-core';
import { checkCase, recurrentCases } from '../packages/layers/fixtures/recurrent-cases.js';

describe("Keras' recurrent layers on wasm-simd", () => {
  beforeAll(async () => {
    registerGradients();
    expect((await useBackend('wasm-simd')).name).toBe('wasm-simd');
  });

  it.each(recurrentCases)('$label', (given) =>
    checkCase(given, {
      gradients: given.layer !== 'ConvLSTM3D' || (tf.getGradient('Conv3D') as unknown) !== undefined,
    }),
  );
});

/** The losses of some epochs of a network whose states go on from batch to batch, with dropout, and what it then holds. */
async function trained(backend: string): Promise<{ losses: number[]; states: number[] }> {
  await useBackend(backend);
  const [rows, steps, features] = [24, 5, 3];
  const values = Float32Array.from({ length: rows * steps * features }, (_, i) => Math.sin(i * 0.7));
  // The mean of the last step, which a network with a memory can tell.
  const labels = Float32Array.from({ length: rows }, (_, row) => {
    const end = (row + 1) * steps * features;
    return 1 + (values[end - 3]! + values[end - 2]! + values[end - 1]!) / 3;
  });
  const data = fromArrays({
    x: { dtype: 'float32', shape: [rows, steps, features], values },
    y: { dtype: 'float32', shape: [rows, 1], values: labels },
  });
  const model = sequential(
    [
      input({ shape: [steps, features], batchSize: 8 }),
      lstm(6, { returnSequences: true, stateful: true, dropout: 0.1 }),
      bidirectional(gru(5, { returnSequences: true, recurrentDropout: 0.1 })),
      gru(4),
      dense(1),
    ],
    { seed: 3 },
  );
  const trainer = compile(model, { optimizer: 'adam', loss: 'meanSquaredError' });
  const { history } = await trainer.fit(data.batch(8), { epochs: 12 });
  const losses = [...history.loss!];
  const states = [...(await model.getWeights())['lstm/state0']!.values];
  trainer.dispose();
  model.dispose();
  return { losses, states };
}

it('trains with states and dropout the same on cpu and wasm-simd', async () => {
  const [cpu, wasm] = [await trained('cpu'), await trained('wasm-simd')];
  expect(cpu.losses.at(-1)).toBeLessThan(cpu.losses[0]! * 0.9);
  cpu.losses.forEach((loss, epoch) => expect(Math.abs(loss - wasm.losses[epoch]!)).toBeLessThan(1e-4));
  expect(Math.max(...cpu.states.map(Math.abs))).toBeGreaterThan(0.01);
  cpu.states.forEach((state, index) => expect(Math.abs(state - wasm.states[index]!)).toBeLessThan(1e-3));
}, 60_000);
