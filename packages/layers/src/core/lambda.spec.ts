import '@tensorflow/tfjs-backend-cpu';
import { expectAllClose } from '@gradstream/testing';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { customFunction } from '../custom-function.js';
import { modelFromConfig } from '../model-from-config.js';
import { sequential } from '../sequential.js';
import { activation } from './activation.js';
import { dense } from './dense.js';
import { lambda } from './lambda.js';

beforeAll(() => tf.setBackend('cpu'));

const halves = (x: tf.Tensor): tf.Tensor => tf.sum(tf.reshape(x, [x.shape[0]!, 2, -1]), 1);

describe('lambda', () => {
  it('computes a function, of a shape that is said', () => {
    const net = sequential([lambda(halves, { inputShape: [4], outputShape: [2] })]);
    expect(net.outputShape).toEqual([null, 2]);
    expectAllClose(net.apply(tf.tensor2d([[1, 2, 3, 4]])), [4, 6]);
    const wrong = sequential([lambda(halves, { inputShape: [4] })]);
    expect(() => wrong.apply(tf.ones([1, 4]))).toThrow(/GS_LAYER_SHAPE .*outputShape/s);
    expect(() => lambda('x => x' as never)).toThrow(/GS_OPTION_VALUE/);
  });

  it('is saved under the name of its function, and made again with the function that is passed', async () => {
    const doubled = customFunction('doubled', (x: tf.Tensor) => tf.mul(x, 2));
    const rest = customFunction('rest', () => [2]);
    const net = sequential(
      [
        dense(4, { inputShape: [3], activation: customFunction('bent', (x: tf.Tensor) => tf.abs(x)) }),
        lambda(customFunction('halves', halves), { outputShape: rest }),
        activation(doubled),
      ],
      { seed: 1 },
    );
    const config = JSON.parse(JSON.stringify(net.toConfig()));
    const functions = {
      doubled: (x: tf.Tensor) => tf.mul(x, 2),
      halves,
      rest: () => [2],
      bent: (x: tf.Tensor) => tf.abs(x),
    };
    const again = modelFromConfig(config, { functions });
    expect(again.toConfig()).toEqual(net.toConfig());
    const x = tf.ones([2, 3]);
    expectAllClose(again.apply(x), net.apply(x));
    expect(() => modelFromConfig(config, { functions: { halves } })).toThrow(
      /GS_LAYER_FUNCTION .*(bent|doubled|rest)/s,
    );
    expect(() => modelFromConfig(config, { fuctions: functions } as never)).toThrow(/GS_OPTION_UNKNOWN/);
    expect(() => sequential([lambda(halves, { inputShape: [4] })]).toConfig()).toThrow(
      /GS_LAYER_CONFIG .*customFunction/s,
    );
    expect(() => customFunction('', halves)).toThrow(/GS_OPTION_VALUE/);
  });
});
