import type { HostArray, Shape } from '@gradstream/core';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { errorOf, floats, integers } from '../../fixtures/loss-host-arrays.js';
import {
  binaryCrossentropy,
  binaryFocalCrossentropy,
  categoricalCrossentropy,
  categoricalFocalCrossentropy,
  categoricalGeneralizedCrossEntropy,
  categoricalHinge,
  circle,
  cosineSimilarity,
  ctc,
  dice,
  hinge,
  huber,
  klDivergence,
  logCosh,
  meanAbsoluteError,
  meanAbsolutePercentageError,
  meanSquaredLogarithmicError,
  poisson,
  sparseCategoricalCrossentropy,
  squaredHinge,
  tversky,
  type Loss,
} from './index.js';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

describe('check', () => {
  const good: [Loss, HostArray, Shape][] = [
    [sparseCategoricalCrossentropy({ ignoreClass: 255 }), integers([3], 0, 255, 2), [null, 3]],
    [sparseCategoricalCrossentropy({ axis: 1 }), integers([1, 4], 0, 1, 2, 2), [null, 3, 4]],
    [sparseCategoricalCrossentropy({ axis: 1 }), integers([1, 1, 4], 0, 1, 2, 2), [null, 3, 4]],
    [categoricalCrossentropy({ axis: 1 }), floats([1, 2, 3], 1, 0, 0, 0, 1, 1), [null, 2, 3]],
    [categoricalFocalCrossentropy(), floats([1, 2], 1, 0), [null, 2]],
    [categoricalGeneralizedCrossEntropy(), integers([2, 1], 0, 2), [null, 3]],
    [categoricalHinge(), floats([1, 3], -1, 1, -1), [null, 3]],
    [hinge(), floats([3], -1, 1, -1), [null, 1]],
    [squaredHinge(), integers([3], 0, 1, 0), [null, 1]],
    [klDivergence(), floats([1, 2], 0.25, 0.75), [null, 2]],
    [poisson(), integers([2], 0, 7), [null, 1]],
    [circle(), integers([3, 1], -4, 9, 9), [null, 8]],
    [ctc(), integers([2, 3], 1, 1, 0, 2, 0, 0), [null, 3, 4]],
    [ctc(), integers([1, 3], 1, 1, 1), [null, null, 4]],
    [dice(), floats([1, 2, 1], 1, 0), [null, 2, 1]],
  ];
  it.each(good)('of $name accepts $shape', (one, targets, output) => {
    expect(one.check(targets, output)).toBeUndefined();
  });

  const bad: [string, Loss, HostArray, Shape, string, RegExp][] = [
    ['[n, 1] against [n, 3]', huber(), floats([1, 1], 0), [null, 3], 'GS_LOSS_SHAPE', /broadcast/],
    ['[n] against [n, 2]', logCosh(), floats([2], 0, 1), [null, 2], 'GS_LOSS_SHAPE', /broadcast/],
    ['an infinite target', meanAbsolutePercentageError(), floats([1], Infinity), [null, 1], 'GS_LOSS_TARGET', /finite/],
    ['a negative target', meanSquaredLogarithmicError(), floats([2], 1, -2), [null, 1], 'GS_LOSS_TARGET', /-2 at posi/],
    ['a negative count', poisson(), integers([2], -1, 1), [null, 1], 'GS_LOSS_TARGET', /negative/],
    ['a hinge label of 2', hinge(), integers([2], 2, 1), [null, 1], 'GS_LOSS_TARGET', /2 at position \[0\]/],
    ['a hinge label between', hinge(), floats([2], 0.5, 1), [null, 1], 'GS_LOSS_TARGET', /two classes/],
    ['two encodings', squaredHinge(), integers([3], 0, 1, -1), [null, 1], 'GS_LOSS_TARGET', /mix two encodings/],
    ['hinge indices', categoricalHinge(), integers([2], 0, 2), [null, 3], 'GS_LOSS_SHAPE', /sparseCategorical/],
    ['a hinge row of zeros', categoricalHinge(), floats([2, 2], 1, 0, 0, 0), [null, 2], 'GS_LOSS_TARGET', /at.*\[1\]/],
    ['an odd distribution', klDivergence(), floats([1, 2], 1, 1), [null, 2], 'GS_LOSS_TARGET', /sum 2/],
    [
      'a focal row of zeros',
      categoricalFocalCrossentropy(),
      floats([1, 2], 0, 0),
      [null, 2],
      'GS_LOSS_TARGET',
      /sum 0/,
    ],
    ['a focal target of 2', binaryFocalCrossentropy(), integers([1], 2), [null, 1], 'GS_LOSS_TARGET', /from 0 to 1/],
    [
      'a column of one axis that sums to 2',
      categoricalCrossentropy({ axis: 1 }),
      floats([1, 2, 2], 1, 1, 0, 1),
      [null, 2, 2],
      'GS_LOSS_TARGET',
      /sum 2 at position \[0, 1\]/,
    ],
    [
      'an axis that is not there',
      binaryCrossentropy({ axis: 3 }),
      floats([1], 1),
      [null, 1],
      'GS_LOSS_SHAPE',
      /axis 3/,
    ],
    [
      'a class that is not the ignored one',
      sparseCategoricalCrossentropy({ ignoreClass: 255 }),
      integers([2], 255, 254),
      [null, 3],
      'GS_LOSS_LABEL',
      /or 255; received 254/,
    ],
    [
      'labels for another axis',
      sparseCategoricalCrossentropy({ axis: 1 }),
      integers([1, 3], 0, 1, 2),
      [null, 3, 4],
      'GS_LOSS_SHAPE',
      /\[null, 4\]/,
    ],
    [
      'a label above the classes',
      categoricalGeneralizedCrossEntropy(),
      integers([1], 3),
      [null, 3],
      'GS_LOSS_LABEL',
      /0 to 2/,
    ],
    ['a fraction for a label', circle(), floats([2], 0, 0.5), [null, 4], 'GS_LOSS_LABEL', /integer/],
    ['rows for labels', circle(), integers([1, 4], 0, 0, 0, 1), [null, 4], 'GS_LOSS_SHAPE', /one-hot/],
    ['embeddings of three axes', circle(), integers([1], 0), [null, 4, 4], 'GS_LOSS_OUTPUT', /embeddings/],
    ['a mask of 255', dice(), integers([1, 2], 0, 255), [null, 2], 'GS_LOSS_TARGET', /mask of 0 and 1/],
    ['a mask of other shape', tversky(), floats([1, 2], 0, 1), [null, 2, 2], 'GS_LOSS_SHAPE', /broadcast/],
    ['an axis a mask has not', dice({ axis: [1, 2] }), floats([1, 2], 0, 1), [null, 2], 'GS_LOSS_SHAPE', /axis 2/],
    ['directions of other shape', cosineSimilarity(), floats([1, 2], 0, 1), [null, 3], 'GS_LOSS_SHAPE', /broadcast/],
    ['a direction of NaN', cosineSimilarity(), floats([1, 2], NaN, 1), [null, 2], 'GS_LOSS_TARGET', /finite/],
    ['a blank between', ctc(), integers([1, 3], 1, 0, 2), [null, 9, 3], 'GS_LOSS_LABEL', /after padding at.*\[0, 2\]/],
    ['a sequence too long', ctc(), integers([2, 2], 1, 0, 1, 1), [null, 2, 3], 'GS_LOSS_TARGET', /3 steps at.*\[1\]/],
    ['a label above', ctc(), integers([1, 2], 1, 3), [null, 9, 3], 'GS_LOSS_LABEL', /1 to 2.*3 at/],
    ['a negative label', ctc(), integers([1, 2], -1, 0), [null, 9, 3], 'GS_LOSS_LABEL', /-1 at/],
    ['labels without a length', ctc(), integers([2], 1, 2), [null, 9, 3], 'GS_LOSS_SHAPE', /sequences/],
    ['no label at all', ctc(), integers([2, 0]), [null, 9, 3], 'GS_LOSS_SHAPE', /sequences/],
    ['an output without steps', ctc(), integers([1, 1], 1), [null, 3], 'GS_LOSS_OUTPUT', /\[null, 3\]/],
  ];
  it.each(bad)('refuses %s', (_, one, targets, output, code, message) => {
    const error = errorOf(() => one.check(targets, output));
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
    if (code !== 'GS_LOSS_SHAPE' && code !== 'GS_LOSS_OUTPUT') return;
    const sizes = output.map((size, axis) => size ?? targets.shape[axis]!);
    expect(errorOf(() => one.call(tf.zeros([...targets.shape]), tf.ones(sizes))).code).toBe(code);
  });

  it('refuses other numbers of weights than classes', () => {
    const one = categoricalFocalCrossentropy({ alpha: [1, 2] });
    expect(errorOf(() => one.call(tf.eye(3), tf.eye(3)))).toMatchObject({ code: 'GS_LOSS_SHAPE' });
  });
});

describe('checkOutput', () => {
  it.each([
    ['linear rates', poisson(), [null, 1], 'linear', /softplus/],
    ['a linear distribution', klDivergence(), [null, 3], 'linear', /activation softmax\.$/],
    ['a linear mask', dice(), [null, 3], 'linear', /activation sigmoid or softmax\.$/],
    ['a tanh mask', tversky(), [null, 3], 'tanh', /sigmoid or softmax/],
    ['one class', categoricalGeneralizedCrossEntropy(), [null, 1], 'softmax', /axis of classes/],
    ['one class to lead', categoricalHinge(), [null, 1], undefined, /axis of classes/],
    ['a linear focus', binaryFocalCrossentropy(), [null, 1], 'linear', /fromLogits: true/],
    ['softmax of one', binaryFocalCrossentropy(), [null, 1], 'softmax', /always 1/],
    ['focal softmax for logits', categoricalFocalCrossentropy({ fromLogits: true }), [null, 3], 'softmax', /leave/],
    ['one class along the axis', categoricalCrossentropy({ axis: 1 }), [null, 1, 3], undefined, /axis of classes/],
    ['a direction of one number', cosineSimilarity(), [null, 1], undefined, /no direction/],
    ['an axis that is not there', cosineSimilarity({ axis: 4 }), [null, 3], undefined, /axis 4/],
    ['maps for embeddings', circle(), [null, 4, 4], undefined, /Flatten/],
    ['softmax for logits of steps', ctc(), [null, 9, 3], 'softmax', /activation softmax off the last layer/],
    ['no steps', ctc(), [null, 3], undefined, /\[batch, steps, classes/],
  ] as [string, Loss, Shape, string | undefined, RegExp][])('refuses %s', (_, one, shape, activation, message) => {
    const error = errorOf(() => one.checkOutput!(shape, activation));
    expect(error.code).toMatch(/GS_LOSS_(OUTPUT|SHAPE)/);
    expect(error.message).toMatch(message);
  });

  it.each([
    [poisson(), [null, 1], 'softplus'],
    [poisson(), [null, 1], 'relu'],
    [dice(), [null, 8, 8, 1], 'sigmoid'],
    [ctc(), [null, 9, 3], 'linear'],
    [cosineSimilarity(), [null, 3], 'linear'],
    [circle(), [null, 3], undefined],
  ] as [Loss, Shape, string | undefined][])('of $name accepts %o with %s', (one, shape, activation) => {
    expect(one.checkOutput!(shape, activation)).toBeUndefined();
  });
});

describe('gradients', () => {
  const slopes = (one: Loss, yTrue: tf.Tensor, yPred: tf.Tensor): number[] =>
    Array.from(
      tf
        .tidy(() => {
          const dy = tf.ones(one.call(yTrue, yPred).shape);
          return tf.grad((p: tf.Tensor) => one.call(yTrue, p))(yPred, dy);
        })
        .dataSync(),
    );

  it('of an absolute difference of 0 are 0, as those of TensorFlow', () => {
    const [first, second] = slopes(meanAbsoluteError(), tf.tensor2d([[1, 2]]), tf.tensor2d([[1, 3]]));
    expect([first! + 0, second]).toEqual([0, 0.5]);
  });

  it('are finite where probabilities are 0 and 1, for any power', () => {
    const yPred = tf.tensor2d([1, 0, 0, 1], [2, 2]);
    const yTrue = tf.tensor2d([1, 0, 1, 0], [2, 2]);
    for (const gamma of [0, 0.1, 0.5, 1, 2]) {
      for (const one of [binaryFocalCrossentropy({ gamma }), categoricalFocalCrossentropy({ gamma })])
        expect(slopes(one, yTrue, yPred).every(Number.isFinite), `${one.name} ${gamma}`).toBe(true);
    }
    expect(slopes(categoricalGeneralizedCrossEntropy(), tf.tensor1d([0, 0], 'int32'), yPred)[2]).toBeCloseTo(
      -3162.28,
      1,
    );
  });

  it('of a sequence that does not fit the steps are 0, and its loss is infinite', () => {
    const labels = tf.tensor2d([1, 1, 1, 2], [2, 2], 'int32');
    const logits = tf.tensor3d([1, 2, 3, 4, 5, 6, 1, 2, 3, 4, 5, 6], [2, 2, 3]);
    const values = ctc().call(labels, logits).dataSync();
    expect(values[0]).toBe(Infinity);
    expect(values[1]).toBeGreaterThan(0);
    expect(values[1]).toBeLessThan(10);
    const found = slopes(ctc(), labels, logits);
    expect(found.slice(0, 6).map((slope) => slope + 0)).toEqual([0, 0, 0, 0, 0, 0]);
    expect(found.slice(6).every((slope) => slope !== 0 && Number.isFinite(slope))).toBe(true);
  });

  it('of sequences are stable for logits of any size', () => {
    const labels = tf.tensor2d([1, 2], [1, 2], 'int32');
    const logits = tf.tensor3d([0, 1e4, 0, 1e4, 0, 0, 0, -1e4, 1e4, -1e4, 0, 1e4], [1, 4, 3]);
    expect(ctc().call(labels, logits).dataSync()[0]).toBeCloseTo(0, 5);
    expect(slopes(ctc(), labels, logits).every((slope) => Math.abs(slope) < 1e-5)).toBe(true);
    // The only way leads through what is improbable at each of many steps.
    const long = tf.concat([tf.fill([1, 50, 1], 1e4), tf.fill([1, 50, 1], -1e4), tf.zeros([1, 50, 1])], 2);
    expect(
      ctc()
        .call(tf.ones([1, 1], 'int32'), long)
        .dataSync()[0],
    ).toBeCloseTo(2e4 - Math.log(50), 2);
  });
});
