import '@tensorflow/tfjs-backend-cpu';
import { registerGradients, StepCounter, valueAndGradients } from '@gradstream/autodiff';
import { randomKey } from '@gradstream/core';
import { kernelCounts, outputOf } from '@gradstream/testing';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { CallContext, Layer } from '../layer.js';
import { conv1d } from './conv1d.js';
import { conv2d } from './conv2d.js';
import { conv2dTranspose } from './conv2d-transpose.js';
import { conv3d } from './conv3d.js';
import { depthwiseConv2d } from './depthwise-conv2d.js';
import { separableConv2d } from './separable-conv2d.js';

beforeAll(async () => {
  await tf.setBackend('cpu');
  registerGradients();
});

const context: CallContext = { training: true, key: randomKey(0), step: new StepCounter(0) };
type Counts = Readonly<Record<string, number>>;

/** The kernels of a step through a chain of layers, with the gradients of the weights that `wanted` takes, by `index/name`. */
async function stepKernels(layers: readonly Layer[], x: tf.Tensor, wanted: (path: string) => boolean): Promise<Counts> {
  let shape: readonly (number | null)[] = x.shape;
  const weights = layers.map((layer, index) => {
    const built = layer.build([shape], `${index}`);
    shape = built.outputShape;
    return Object.fromEntries(built.weights.map(({ name, shape: of }) => [name, tf.variable(tf.fill([...of], 0.1))]));
  });
  const all = weights.flatMap((own, index) => Object.entries(own).map(([name, w]) => [`${index}/${name}`, w] as const));
  const trained = Object.fromEntries(all.filter(([path]) => wanted(path)));
  const forward = (): tf.Scalar =>
    tf.sum(layers.reduce((y, layer, index) => outputOf(layer.call(weights[index]!, [y], context)), x));
  const counts = await kernelCounts(() => tf.tidy(() => void valueAndGradients(forward, trained)));
  tf.dispose([weights, x]);
  return counts;
}

const image = (): tf.Tensor => tf.ones([1, 5, 5, 2]);

describe('a step through convolutions', () => {
  it('is one kernel forward a layer, and none backward for the input of the first', async () => {
    const layers = [conv2d(3, 3, { activation: 'relu' }), conv2d(2, 2, { activation: 'tanh' })];
    const counts = await stepKernels(layers, image(), () => true);
    expect(counts).toMatchObject({ FusedConv2D: 2, Conv2DBackpropFilter: 2, Conv2DBackpropInput: 1 });
    for (const apart of ['Conv2D', 'AddV2', 'Relu']) expect(counts[apart]).toBeUndefined();
  });

  it.each<[string, (path: string) => boolean, Counts]>([
    ['a frozen first kernel', (path) => path !== '0/kernel', { Conv2DBackpropFilter: 1, Conv2DBackpropInput: 1 }],
    ['a frozen second kernel', (path) => path !== '1/kernel', { Conv2DBackpropFilter: 1, Conv2DBackpropInput: 1 }],
    ['a frozen first layer', (path) => path.startsWith('1'), { Conv2DBackpropFilter: 1 }],
    ['biases alone', (path) => path.endsWith('bias'), { Conv2DBackpropInput: 1 }],
    ['the last bias alone', (path) => path === '1/bias', {}],
  ])('costs nothing for %s', async (_, wanted, expected) => {
    const counts = await stepKernels([conv2d(3, 3, { activation: 'relu' }), conv2d(2, 2)], image(), wanted);
    const backward = Object.entries(counts).filter(([name]) => /Backprop/.test(name));
    expect(Object.fromEntries(backward)).toEqual(expected);
  });

  it.each<[string, Layer, tf.Tensor, Counts]>([
    ['conv1d', conv1d(2, 3, { activation: 'relu' }), tf.ones([1, 6, 2]), { FusedConv2D: 1, Conv2DBackpropFilter: 1 }],
    [
      'conv3d',
      conv3d(2, 2, { activation: 'elu' }),
      tf.ones([1, 3, 3, 3, 1]),
      { FusedConv2D: 1, Conv2DBackpropFilter: 1 },
    ],
    ['conv2d without a bias', conv2d(2, 2, { useBias: false }), image(), { Conv2D: 1, Conv2DBackpropFilter: 1 }],
    ['conv2dTranspose', conv2dTranspose(2, 2), image(), { Conv2DBackpropInput: 1, Conv2DBackpropFilter: 1 }],
    [
      'depthwiseConv2d',
      depthwiseConv2d(2, { activation: 'relu' }),
      image(),
      { FusedDepthwiseConv2D: 1, DepthwiseConv2dNativeBackpropFilter: 1 },
    ],
    [
      'separableConv2d',
      separableConv2d(2, 2, { activation: 'relu' }),
      image(),
      {
        DepthwiseConv2dNative: 1,
        DepthwiseConv2dNativeBackpropFilter: 1,
        FusedConv2D: 1,
        Conv2DBackpropFilter: 1,
        Conv2DBackpropInput: 1,
      },
    ],
  ])('runs no other convolution for a first %s', async (_, layer, x, expected) => {
    const counts = await stepKernels([layer], x, () => true);
    expect(Object.fromEntries(Object.entries(counts).filter(([name]) => /Conv/.test(name)))).toEqual(expected);
  });
});
