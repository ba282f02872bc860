import type { HostArray, Shape } from '@gradstream/core';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { bytes, errorOf, floats, integers } from '../../fixtures/loss-host-arrays.js';
import {
  binaryCrossentropy,
  categoricalCrossentropy,
  meanAbsoluteError,
  meanSquaredError,
  sparseCategoricalCrossentropy,
  type Loss,
} from './index.js';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

describe('check and call', () => {
  const fitting: [Loss, HostArray, Shape][] = [
    [sparseCategoricalCrossentropy(), integers([3], 0, 9, 5), [null, 10]],
    [sparseCategoricalCrossentropy(), bytes([3, 1], 0, 9, 5), [null, 10]],
    [sparseCategoricalCrossentropy(), floats([2], 0, 9), [null, 10]],
    [sparseCategoricalCrossentropy(), integers([1, 2], 0, 1), [null, 2, 3]],
    [sparseCategoricalCrossentropy(), integers([1, 2, 1], 0, 1), [null, null, 3]],
    [categoricalCrossentropy(), floats([2, 2], 0, 1, 0.5, 0.5), [null, 2]],
    [categoricalCrossentropy(), bytes([1, 3], 0, 0, 1), [null, 3]],
    [binaryCrossentropy(), floats([2], 0, 1), [null, 1]],
    [binaryCrossentropy(), bytes([2, 1], 0, 1), [null, 1]],
    [meanSquaredError(), floats([2, 2], -5, 1e9, 0, 1), [null, 2]],
    [meanSquaredError(), floats([2], 1, 2), [null, 1]],
    [meanAbsoluteError(), floats([2, 1], 1, 2), [null]],
  ];
  it.each(fitting)('$name accepts $shape', (one, targets, output) => {
    expect(one.check(targets, output)).toBeUndefined();
    tf.tidy(() => {
      const sizes = output.map((size, axis) => size ?? targets.shape[axis]!);
      const values = one.call(
        tf.tensor(Array.from(targets.values), [...targets.shape], one.targetDtype),
        tf.fill(sizes, 0.4),
      );
      expect(values.shape).toEqual(sizes.slice(0, -1));
    });
  });

  /** The same mistake is found on the host, and where it is one of shapes on the device too: nothing is broadcast. */
  const bad: [string, Loss, HostArray, Shape, string, RegExp][] = [
    [
      '[n, 1] against [n, 3]',
      meanSquaredError(),
      floats([2, 1], 1, 2),
      [null, 3],
      'GS_LOSS_SHAPE',
      /Expected \[null, 3\]; received \[2, 1\]/,
    ],
    ['[n] against [n, 3]', meanSquaredError(), floats([2], 1, 2), [null, 3], 'GS_LOSS_SHAPE', /broadcast/],
    ['[n] against [n, n]', meanAbsoluteError(), floats([2], 1, 2), [null, 2], 'GS_LOSS_SHAPE', /broadcast/],
    ['[n, 3] against [n, 1]', meanAbsoluteError(), floats([1, 3], 1, 2, 3), [null, 1], 'GS_LOSS_SHAPE', /broadcast/],
    [
      'a binary target of another width',
      binaryCrossentropy(),
      floats([1, 2], 0, 1),
      [null, 3],
      'GS_LOSS_SHAPE',
      /\[1, 2\]/,
    ],
    [
      'class indices for one-hot rows',
      categoricalCrossentropy(),
      integers([2], 0, 1),
      [null, 3],
      'GS_LOSS_SHAPE',
      /sparseCategoricalCrossentropy/,
    ],
    [
      'a column of class indices',
      categoricalCrossentropy(),
      integers([2, 1], 0, 1),
      [null, 3],
      'GS_LOSS_SHAPE',
      /sparseCategoricalCrossentropy/,
    ],
    [
      'one-hot rows of another width',
      categoricalCrossentropy(),
      floats([1, 2], 0, 1),
      [null, 3],
      'GS_LOSS_SHAPE',
      /Expected \[null, 3\]/,
    ],
    [
      'one-hot rows for class indices',
      sparseCategoricalCrossentropy(),
      integers([1, 3], 0, 0, 1),
      [null, 3],
      'GS_LOSS_SHAPE',
      /categoricalCrossentropy/,
    ],
    [
      'labels of another length',
      sparseCategoricalCrossentropy(),
      integers([1, 2], 0, 0),
      [null, 4, 3],
      'GS_LOSS_SHAPE',
      /\[null, 4\] or \[null, 4, 1\]/,
    ],
    [
      'a label above the classes',
      sparseCategoricalCrossentropy(),
      integers([4], 0, 2, 7, 1),
      [null, 3],
      'GS_LOSS_LABEL',
      /0 to 2; received 7 at position \[2\]/,
    ],
    [
      'a label equal to the classes',
      sparseCategoricalCrossentropy(),
      bytes([2, 1], 0, 3),
      [null, 3],
      'GS_LOSS_LABEL',
      /3 at position \[1, 0\]/,
    ],
    [
      'a label in a sequence',
      sparseCategoricalCrossentropy(),
      integers([2, 2], 0, 1, 2, -1),
      [null, 2, 3],
      'GS_LOSS_LABEL',
      /-1 at position \[1, 1\]/,
    ],
    [
      'a label with a fraction',
      sparseCategoricalCrossentropy(),
      floats([2], 1, 1.5),
      [null, 3],
      'GS_LOSS_LABEL',
      /1\.5 at position \[1\]/,
    ],
    [
      'a label that is NaN',
      sparseCategoricalCrossentropy(),
      floats([1], NaN),
      [null, 3],
      'GS_LOSS_LABEL',
      /NaN at position \[0\]/,
    ],
    [
      'a distribution that is none',
      categoricalCrossentropy(),
      floats([2, 2], 0, 1, 1, 1),
      [null, 2],
      'GS_LOSS_TARGET',
      /sum 2 at position \[1\]/,
    ],
    [
      'a row of zeros',
      categoricalCrossentropy(),
      floats([2, 2], 0, 1, 0, 0),
      [null, 2],
      'GS_LOSS_TARGET',
      /outside the classes/,
    ],
    [
      'a negative probability',
      categoricalCrossentropy(),
      floats([1, 2], -1, 2),
      [null, 2],
      'GS_LOSS_TARGET',
      /-1 at position \[0, 0\]/,
    ],
    ['a NaN in a row', categoricalCrossentropy(), floats([1, 2], 0, NaN), [null, 2], 'GS_LOSS_TARGET', /not finite/],
    [
      'a binary target of 2',
      binaryCrossentropy(),
      bytes([3], 0, 2, 1),
      [null, 1],
      'GS_LOSS_TARGET',
      /2 at position \[1\]/,
    ],
    [
      'a binary target of -1',
      binaryCrossentropy(),
      floats([2, 1], 1, -1),
      [null, 1],
      'GS_LOSS_TARGET',
      /no as 0 and yes as 1/,
    ],
    [
      'an infinite target',
      meanSquaredError(),
      floats([1, 2], 0, Infinity),
      [null, 2],
      'GS_LOSS_TARGET',
      /Infinity at position \[0, 1\]/,
    ],
    [
      'a target that is NaN',
      meanAbsoluteError(),
      floats([2], 0, NaN),
      [null, 1],
      'GS_LOSS_TARGET',
      /NaN at position \[1\]/,
    ],
  ];
  it.each(bad)('refuse %s', (_, one, targets, output, code, message) => {
    const error = errorOf(() => one.check(targets, output));
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
    if (code !== 'GS_LOSS_SHAPE') return;
    tf.tidy(() => {
      const sizes = output.map((size, axis) => size ?? targets.shape[axis]!);
      expect(errorOf(() => one.call(tf.zeros([...targets.shape]), tf.ones(sizes))).code).toBe(code);
    });
  });
});

describe('checkOutput', () => {
  it.each([
    ['class scores of width 1', categoricalCrossentropy(), [null, 1], 'softmax', /binaryCrossentropy/],
    ['sparse class scores of width 1', sparseCategoricalCrossentropy(), [null, 1], undefined, /binaryCrossentropy/],
    ['no axis of classes', sparseCategoricalCrossentropy(), [null], undefined, /\[null\]/],
    [
      'a linear output for probabilities',
      categoricalCrossentropy(),
      [null, 3],
      'linear',
      /softmax, or the loss \{ fromLogits: true \}/,
    ],
    ['relu for probabilities', sparseCategoricalCrossentropy(), [null, 3], 'relu', /the activation relu/],
    [
      'softmax for logits',
      sparseCategoricalCrossentropy({ fromLogits: true }),
      [null, 3],
      'softmax',
      /leave fromLogits out/,
    ],
    ['sigmoid for logits', binaryCrossentropy({ fromLogits: true }), [null, 1], 'sigmoid', /leave fromLogits out/],
    ['tanh for probabilities', binaryCrossentropy(), [null, 1], 'tanh', /sigmoid/],
    ['softmax of width 1', binaryCrossentropy(), [null, 1], 'softmax', /always 1/],
  ] as [string, Loss, Shape, string | undefined, RegExp][])('refuses %s', (_, one, shape, activation, message) => {
    const error = errorOf(() => one.checkOutput!(shape, activation));
    expect(error.code).toBe('GS_LOSS_OUTPUT');
    expect(error.message).toMatch(message);
  });

  it.each([
    [categoricalCrossentropy(), [null, 3], 'softmax'],
    [categoricalCrossentropy(), [null, 3], undefined],
    [categoricalCrossentropy(), [null, 3], 'exponential'],
    [sparseCategoricalCrossentropy({ fromLogits: true }), [null, 3], 'linear'],
    [binaryCrossentropy(), [null, 3], 'sigmoid'],
    [binaryCrossentropy(), [null, 2], 'softmax'],
    [binaryCrossentropy({ fromLogits: true }), [null, 1], undefined],
  ] as [Loss, Shape, string | undefined][])('$name accepts %o with %s', (one, shape, activation) => {
    expect(one.checkOutput!(shape, activation)).toBeUndefined();
  });
});
