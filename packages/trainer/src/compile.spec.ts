import '@tensorflow/tfjs-backend-cpu';
import type { HostArray } from '@gradstream/core';
import { fromArrays } from '@gradstream/datasets';
import { dense, sequential, type Model } from '@gradstream/layers';
import { circle, dice, meanSquaredError, sparseCategoricalCrossentropy, type LossSpec } from '@gradstream/objectives';
import { sgd } from '@gradstream/optimizers';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { compile } from './compile.js';

beforeAll(() => tf.setBackend('cpu'));

const floats = (shape: number[], ...values: number[]): HostArray => ({
  dtype: 'float32',
  shape,
  values: Float32Array.from(values),
});
const x = floats([4, 2], 1, 0, 0, 1, 1, 1, 2, -1);

/** The loss of an untrained model of zeros, and its kernel after one step with the learning rate 1. */
async function step(loss: LossSpec, y: HostArray, units = 1): Promise<{ loss: number; kernel: number[] }> {
  const model: Model = sequential([
    dense(units, { inputShape: [2], useBias: false, kernelInitializer: 'zeros', activation: 'linear' }),
  ]);
  const trainer = compile(model, { optimizer: sgd({ learningRate: 1 }), loss });
  const { history } = await trainer.fit(fromArrays({ x, y }).batch(4) as never, { epochs: 1 });
  const kernel = Array.from(await model.weights[0]!.variable.data());
  trainer.dispose();
  model.dispose();
  return { loss: history.loss![0]!, kernel };
}

describe('compile', () => {
  const y = floats([4], 1, 2, 3, 4);

  it('takes the mean of the loss over the batch', async () => {
    expect(await step('mse', y)).toEqual({ loss: 7.5, kernel: [6, 0.5] });
  });

  it("takes the loss's own reduction, also from its config", async () => {
    const sum = { loss: 30, kernel: [24, 2] };
    expect(await step(meanSquaredError({ reduction: 'sum' }), y)).toEqual(sum);
    expect(await step({ type: 'MeanSquaredError', config: { reduction: 'sum' } }, y)).toEqual(sum);
  });

  it('does not count what the loss leaves out', async () => {
    const labels: HostArray = { dtype: 'int32', shape: [4], values: Int32Array.of(0, 255, 255, 255) };
    const found = await step(sparseCategoricalCrossentropy({ fromLogits: true, ignoreClass: 255 }), labels, 2);
    expect(found.loss).toBeCloseTo(Math.log(2), 6);
    expect(found.kernel).toEqual([0.5, -0.5, 0, 0]);
  });

  it('refuses a loss that gives many values', () => {
    const model = sequential([dense(1, { inputShape: [2] })]);
    expect(() => compile(model, { loss: meanSquaredError({ reduction: null }) })).toThrow(/GS_TRAIN_REDUCTION/);
  });

  it('trains on losses of a whole batch', async () => {
    const model = sequential([dense(3, { inputShape: [2], activation: 'sigmoid' })], { seed: 1 });
    const masks = floats([4, 3], 1, 0, 0, 0, 1, 0, 1, 1, 0, 1, 0, 1);
    const overlap = compile(model, { optimizer: 'adam', loss: dice() });
    const { history } = await overlap.fit(fromArrays({ x, y: masks }).batch(4) as never, { epochs: 20 });
    expect(history.loss!.at(-1)).toBeLessThan(history.loss![0]!);
    overlap.dispose();
    const labels: HostArray = { dtype: 'int32', shape: [4], values: Int32Array.of(0, 1, 0, 1) };
    const pairs = compile(model, { optimizer: 'adam', loss: circle({ gamma: 2 }) });
    const run = await pairs.fit(fromArrays({ x, y: labels }).batch(4) as never, { epochs: 20 });
    expect(run.history.loss!.at(-1)).toBeLessThan(run.history.loss![0]!);
    pairs.dispose();
    model.dispose();
  });
});
