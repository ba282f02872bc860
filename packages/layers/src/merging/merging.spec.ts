import '@tensorflow/tfjs-backend-cpu';
import { expectAllClose } from '@gradstream/testing';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { apply } from '../apply.js';
import { input } from '../core/input.js';
import { model } from '../functional-model.js';
import { add } from './add.js';
import { concatenate } from './concatenate.js';
import { dot } from './dot.js';
import { subtract } from './subtract.js';

beforeAll(() => tf.setBackend('cpu'));

describe('merging layers', () => {
  const a = input({ shape: [3, 2], name: 'a' });
  const b = input({ shape: [3, 2], name: 'b' });

  it('are applied at once, or made as layers', () => {
    const net = model({
      inputs: [a, b],
      outputs: [add([a, b], { name: 'sum' }), apply(concatenate({ axis: 1 }), [a, b])],
    });
    const [x, y] = [tf.ones([1, 3, 2]), tf.fill([1, 3, 2], 2)];
    const [sum, joined] = net.applyAll([x, y]);
    expectAllClose(sum!, tf.fill([1, 3, 2], 3));
    expectAllClose(joined!, tf.concat([x, y], 1));
    expect(net.nodes.map(({ name }) => name)).toEqual(['sum', 'concatenate']);
  });

  it('keep whole numbers whole where values only move', () => {
    const i = input({ shape: [2], dtype: 'int32' });
    expect(concatenate([i, i]).dtype).toBe('int32');
    expect(add([i, i]).dtype).toBe('float32');
  });

  it.each([
    [
      'sizes that differ',
      () => add([a, input({ shape: [4, 2] })]),
      /GS_LAYER_SHAPE .*do not fit each other.*\[null, 3, 2\] and \[null, 4, 2\]/s,
    ],
    ['one input', () => add([a]), /GS_LAYER_INPUTS/],
    ['three to subtract', () => subtract([a, b, a]), /GS_LAYER_INPUTS/],
    ['an axis that is not there', () => concatenate([a, b], { axis: 3 }), /GS_LAYER_SHAPE .*no axis 3/s],
    [
      'another size than the one along the axis',
      () => concatenate([a, input({ shape: [3, 5] })], { axis: 1 }),
      /GS_LAYER_SHAPE .*differ not only/s,
    ],
    ['ranks that differ', () => concatenate([a, input({ shape: [3] })]), /GS_LAYER_SHAPE/],
    ['a product over the batch', () => dot([a, b], { axes: 0 }), /GS_OPTION_VALUE .*axes/s],
    ['a product over two sizes', () => dot([a, b], { axes: [1, 2] }), /GS_LAYER_SHAPE .*do not fit/s],
    ['a product without axes', () => dot([a, b]), /GS_OPTION_VALUE/],
    ['a misspelt option', () => add([a, b], { nmae: 'x' } as never), /GS_OPTION_UNKNOWN/],
  ])('refuse %s', (_, define, message) => {
    expect(define).toThrow(message);
  });
});
