import { fromArrays } from '@gradstream/datasets';
import { dense, dropout, sequential } from '@gradstream/layers';
import { compile } from '@gradstream/trainer';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { noEmulator, onEmulator, startOnEmulator } from '../packages/backend-cuda/testing/emulator.js';
import { cnn, mlp, recurrent, transformer } from '../tools/gpu-check/entries/models.js';
import { Training } from '../tools/gpu-check/entries/training.js';

/** What the counter of steps says in each step: a step that is captured is warmed up and run once with the same number. */
const COUNTER = [1, 2, 2, 3, 4, 5];

async function read(x: tf.Tensor): Promise<number> {
  return (await x.data())[0]!;
}

/** The losses of steps as they are. */
async function eager(training: Training): Promise<number[]> {
  const losses: number[] = [];
  for (const [index, count] of COUNTER.entries()) {
    if (count !== COUNTER[index - 1] && index > 0) training.counter.advance();
    void training.counter.tensor;
    const loss = training.step();
    losses.push(await read(loss));
    loss.dispose();
  }
  return losses;
}

/** The losses of the same steps, captured after the first one; the second is the warm-up. */
async function captured(training: Training): Promise<number[]> {
  const losses: number[] = [];
  const first = training.step();
  losses.push(await read(first));
  first.dispose();
  training.counter.advance();
  const { tensor } = training.counter;
  const step = training.capture();
  expect(step.reason).toBeUndefined();
  losses.push(await read(step.results));
  for (const count of COUNTER.slice(3)) {
    step.write(tensor, Int32Array.of(count));
    step.run();
    losses.push(await read(step.results));
  }
  step.dispose();
  return losses;
}

describe.skipIf(noEmulator !== undefined)(`training on cuda, ${onEmulator}`, () => {
  beforeAll(async () => void (await startOnEmulator()), 600_000);

  it.each([
    mlp({ batch: 16, width: 32 }),
    cnn({ batch: 4, width: 4 }),
    recurrent({ batch: 4, width: 16 }),
    transformer({ batch: 2, width: 64 }),
  ])('$name: the losses of cpu; captured steps have the bits of eager ones', async (task) => {
    await tf.setBackend('cpu');
    const wanted = await eager(new Training(task));
    await tf.setBackend('cuda');
    const losses = await eager(new Training(task));
    for (const [index, loss] of losses.entries()) expect(Math.abs(loss / wanted[index]! - 1)).toBeLessThan(1e-5);
    expect(await captured(new Training(task))).toEqual([losses[0], ...losses.slice(2)]);
  });

  it('fit gives the same bits where work is done as late as it may be, and batches travel beside it', async () => {
    // A batch of 128 KB has a stream of its own.
    const [count, features] = [96, 2048];
    const data = fromArrays({
      x: {
        dtype: 'float32',
        shape: [count, features],
        values: Float32Array.from({ length: count * features }, (_, index) => Math.sin(index)),
      },
      y: { dtype: 'int32', shape: [count], values: Int32Array.from({ length: count }, (_, index) => index % 3) },
    } as never).batch(16) as never;
    const trained = async (deferred: 0 | 1, runEagerly: boolean): Promise<number[][]> => {
      const { emulator } = await startOnEmulator();
      emulator.defer(deferred);
      try {
        const layers = [
          dense(8, { activation: 'relu', inputShape: [features] }),
          dropout(0.2),
          dense(3, { activation: 'softmax' }),
        ];
        const model = sequential(layers, { seed: 1 });
        const trainer = compile(model, { optimizer: 'adam', loss: 'sparseCategoricalCrossentropy', runEagerly });
        const waits = emulator.called('cuStreamWaitEvent');
        const { history } = await trainer.fit(data, { epochs: 3 });
        expect(emulator.called('cuStreamWaitEvent') - waits).toBeGreaterThan(18);
        trainer.dispose();
        return [history['loss'] as number[], ...model.weights.map(({ variable }) => [...variable.dataSync()])];
      } finally {
        emulator.defer(0);
      }
    };
    const wanted = await trained(0, true);
    for (const runEagerly of [true, false]) expect(await trained(1, runEagerly)).toEqual(wanted);
  });
});
