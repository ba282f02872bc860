import type { HostArray } from '@gradstream/core';
import { fromArrays } from '@gradstream/datasets';
import { cloneModel, fromKerasJson, modelFromConfig, toKerasJson, type Model } from '@gradstream/layers';
import { adam } from '@gradstream/optimizers';
import { compile } from '@gradstream/trainer';
import { useBackend } from 'gradstream';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { batchFor } from '../tools/zoo/batch-for.mjs';
import { graphs } from '../tools/zoo/graphs.mjs';

type Batch = { readonly x: Record<string, HostArray>; readonly y: Record<string, HostArray> };
type Make = (seed: number) => [Model, never];
const zoo = Object.entries(graphs as unknown as Record<string, Make>);

/** The losses of the first steps on one batch; nothing is left on the device. */
async function losses(make: Make, steps: number): Promise<readonly number[]> {
  const before = tf.memory().numTensors;
  const [net, loss] = make(11);
  const trainer = compile(net, { optimizer: adam({ learningRate: 0.01 }), loss });
  const data = fromArrays(batchFor(net, loss) as Batch).batch(4);
  const { history } = await trainer.fit(data, { epochs: steps });
  trainer.dispose();
  net.dispose();
  expect(tf.memory().numTensors).toBe(before);
  return history.loss!;
}

const tensors = (net: Model, { x }: Batch): tf.Tensor[] =>
  net.inputs.map(({ name, dtype }) => tf.tensor(x[name]!.values as Float32Array, [...x[name]!.shape], dtype));

describe('models that are graphs', () => {
  it('are the fifteen and more that were asked for', () => {
    expect(zoo.length).toBeGreaterThanOrEqual(19);
  });

  it.each(zoo)(
    '%s trains on cpu and wasm-simd with the same losses',
    async (name, make) => {
      const steps = name === 'ResNet-20' ? 3 : 10;
      await useBackend('cpu');
      const cpu = await losses(make, steps);
      await useBackend('wasm-simd');
      const own = await losses(make, steps);
      cpu.forEach((loss, step) =>
        expect(Math.abs(loss - own[step]!), `step ${step}`).toBeLessThan(1e-4 * Math.max(1, loss)),
      );
      const more = await losses(make, 40);
      expect(Math.min(...more.slice(-5))).toBeLessThan(more[0]!);
    },
    300_000,
  );

  it.each(zoo)(
    '%s comes back from its config and from the JSON of Keras, and a clone is as it was',
    async (_, make) => {
      await useBackend('wasm-simd');
      const [net, loss] = make(11);
      const batch = batchFor(net, loss) as Batch;
      const given = tensors(net, batch);
      const expected = net.applyAll(given).map((output) => Array.from(output.dataSync()));
      const config = JSON.parse(JSON.stringify(net.toConfig()));
      const again = modelFromConfig(config);
      expect(again.toConfig()).toEqual(config);
      const json = JSON.parse(JSON.stringify(toKerasJson(net)));
      const keras = fromKerasJson(json, { seed: 1 });
      expect(toKerasJson(keras)).toEqual(json);
      for (const copy of [again, cloneModel(net, { seed: 5 }), keras]) {
        copy.setWeights(await net.getWeights());
        expect(copy.applyAll(given).map((output) => Array.from(output.dataSync()))).toEqual(expected);
        expect(copy.parameterCount).toEqual(net.parameterCount);
      }
    },
  );
});
