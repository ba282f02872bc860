import { syntheticDigits } from '@gradstream/datasets';
import { dense, dropout, flatten, sequential } from '@gradstream/layers';
import { compile } from '@gradstream/trainer';
import { useBackend } from 'gradstream';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';

/** Losses of the first 50 steps of the digits network on a backend, dropout included. */
async function losses(backend: string): Promise<number[]> {
  expect((await useBackend(backend)).name).toBe(backend);
  const { train } = await syntheticDigits({ seed: 3, train: 1600, test: 1 });
  const relu = (): ReturnType<typeof dense> => dense(128, { activation: 'relu' });
  const model = sequential(
    [flatten({ inputShape: [28, 28] }), relu(), relu(), dropout(0.1), relu(), dense(10, { activation: 'softmax' })],
    { seed: 7 },
  );
  const trainer = compile(model, { optimizer: 'adam', loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
  const seen: number[] = [];
  const run = trainer.fit(train.shuffle(1600, { seed: 1 }).batch(32), { logEvery: 1 });
  // Running means: the loss of a step is the difference of the sums.
  let sum = 0;
  run.events$.subscribe((event) => {
    if (event.type !== 'stepEnd') return;
    const next = event.logs!.loss! * (event.step + 1);
    seen.push(next - sum);
    sum = next;
  });
  await run;
  trainer.dispose();
  model.dispose();
  expect(tf.getBackend()).toBe(backend);
  return seen;
}

describe('backends', () => {
  let onCpu: readonly number[];
  beforeAll(async () => {
    onCpu = await losses('cpu');
  }, 120_000);

  it.each(['wasm', 'wasm-simd'])(
    'train with the same losses over 50 steps: cpu and %s',
    async (other) => {
      const theirs = await losses(other);
      expect(onCpu).toHaveLength(50);
      expect(onCpu[49]!).toBeLessThan(onCpu[0]! / 2);
      onCpu.forEach((loss, step) => expect(Math.abs(loss - theirs[step]!), `step ${step}`).toBeLessThan(1e-4));
    },
    120_000,
  );
});
