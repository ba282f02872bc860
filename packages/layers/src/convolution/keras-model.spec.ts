import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import golden from '../../fixtures/convolution-model.json' with { type: 'json' };
import { fromKerasJson } from '../keras/from-keras-json.js';
import { toKerasJson } from '../keras/to-keras-json.js';

beforeAll(() => tf.setBackend('cpu'));

it("has the shapes and weights of Keras' model of every convolution and pooling layer, and comes back from our JSON of it", () => {
  const net = fromKerasJson(golden.model, { seed: 1 });
  const again = fromKerasJson(toKerasJson(net), { seed: 1 });
  for (const model of [net, again]) {
    const shapes = Object.fromEntries(model.nodes.map((node) => [node.name, node.outputShapes[0]]));
    const inputs = Object.fromEntries(model.inputs.map(({ name, shape }) => [name, shape]));
    expect({ ...inputs, ...shapes }).toEqual(golden.shapes);
    const weights = Object.entries(golden.weights).flatMap(([layer, own]) =>
      Object.entries(own).map(([name, shape]) => [`${layer}/${name}`, shape] as const),
    );
    expect(Object.fromEntries(model.weights.map(({ path, shape }) => [path, shape]))).toEqual(
      Object.fromEntries(weights),
    );
  }
  expect(again.toConfig()).toEqual(net.toConfig());
  const x = net.inputs.map(({ shape }) => tf.ones([2, ...shape.slice(1)] as number[]));
  expect(net.applyAll(x).map(({ shape }) => shape)).toEqual(net.outputs.map(({ shape }) => [2, ...shape.slice(1)]));
  net.dispose();
  again.dispose();
});
