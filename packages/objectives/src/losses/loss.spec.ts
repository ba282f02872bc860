import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { errorOf, floats } from '../../fixtures/loss-host-arrays.js';
import {
  binaryCrossentropy,
  binaryFocalCrossentropy,
  categoricalCrossentropy,
  categoricalFocalCrossentropy,
  categoricalGeneralizedCrossEntropy,
  circle,
  cosineSimilarity,
  dice,
  huber,
  loss,
  meanSquaredError,
  sparseCategoricalCrossentropy,
  tversky,
} from './index.js';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

describe('loss', () => {
  it.each([
    ['categoricalCrossentropy', 'categoricalCrossentropy'],
    ['sparse_categorical_crossentropy', 'sparseCategoricalCrossentropy'],
    ['binaryCrossentropy', 'binaryCrossentropy'],
    ['mean_squared_error', 'meanSquaredError'],
    ['mse', 'meanSquaredError'],
    ['mae', 'meanAbsoluteError'],
    ['MSE', 'meanSquaredError'],
    ['MSLE', 'meanSquaredLogarithmicError'],
    ['MeanAbsolutePercentageError', 'meanAbsolutePercentageError'],
    ['KLDivergence', 'klDivergence'],
    ['CTC', 'ctc'],
    ['log_cosh', 'logCosh'],
  ])('finds %s by name', (name, expected) => {
    expect(loss(name).name).toBe(expected);
  });

  it('gives a loss back as it is', () => {
    const own = meanSquaredError();
    expect(loss(own)).toBe(own);
  });

  it('wraps a plain function, with its name', () => {
    tf.tidy(() => {
      const logCosh = (yTrue: tf.Tensor, yPred: tf.Tensor): tf.Tensor =>
        tf.mean(tf.log(tf.cosh(tf.sub(yPred, yTrue))), -1);
      const wrapped = loss(logCosh);
      expect(wrapped).toMatchObject({ name: 'logCosh', targetDtype: 'float32' });
      expect(loss((_: tf.Tensor, yPred: tf.Tensor) => yPred).name).toBe('loss');
      expect(wrapped.call(tf.zeros([2, 1]), tf.ones([2, 1])).dataSync()[1]).toBeCloseTo(Math.log(Math.cosh(1)), 5);
      expect(wrapped.check(floats([1, 1], NaN), [null, 1])).toBeUndefined();
    });
  });

  const unknown: [unknown, string, RegExp][] = [
    [undefined, 'GS_LOSS_MISSING', /nothing to minimize/],
    [null, 'GS_LOSS_MISSING', /sparseCategoricalCrossentropy/],
    ['mean_square_error', 'GS_LOSS_UNKNOWN', /Did you mean "meanSquaredError"/],
    ['', 'GS_LOSS_UNKNOWN', /""/],
    ['toString', 'GS_LOSS_UNKNOWN', /"toString"/],
    [meanSquaredError, 'GS_LOSS_UNKNOWN', /Call it: meanSquaredError\(\)/],
    [3, 'GS_LOSS_UNKNOWN', /received 3/],
    [{ name: 'half' }, 'GS_LOSS_UNKNOWN', /name, call and check/],
    [{ type: 'Hubber', config: {} }, 'GS_LOSS_UNKNOWN', /Did you mean "huber"/],
    [{ type: 'toString', config: {} }, 'GS_LOSS_UNKNOWN', /"toString"/],
    [{ type: 'Huber', config: { delta: -1 } }, 'GS_OPTION_VALUE', /delta/],
    [{ type: 'Huber', config: 1 }, 'GS_OPTION_TYPE', /received 1/],
    [{ type: 'Huber', options: {} }, 'GS_OPTION_UNKNOWN', /"options"/],
    [{ type: 'Huber', config: { gamma: 1 } }, 'GS_OPTION_UNKNOWN', /"gamma"/],
    ['Mse', 'GS_LOSS_UNKNOWN', /Did you mean "mse"/],
  ];
  it.each(unknown)('refuses %o', (given, code, message) => {
    const error = errorOf(() => loss(given as never));
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
  });

  it.each([
    ['a misspelt option', () => categoricalCrossentropy({ from_logits: true } as never), 'GS_OPTION_UNKNOWN'],
    ['an option that is not there', () => meanSquaredError({ fromLogits: true } as never), 'GS_OPTION_UNKNOWN'],
    ['smoothing of more than all', () => binaryCrossentropy({ labelSmoothing: 1.5 }), 'GS_OPTION_VALUE'],
    [
      'fromLogits that is no boolean',
      () => sparseCategoricalCrossentropy({ fromLogits: 'yes' as never }),
      'GS_OPTION_VALUE',
    ],
    ['an unknown reduction', () => huber({ reduction: 'average' as never }), 'GS_OPTION_VALUE'],
    ['an empty name', () => huber({ name: '' }), 'GS_OPTION_VALUE'],
    ['a name that is a number', () => huber({ name: 3 as never }), 'GS_OPTION_VALUE'],
    ['a delta of 0', () => huber({ delta: 0 }), 'GS_OPTION_VALUE'],
    ['an axis with a fraction', () => cosineSimilarity({ axis: 0.5 }), 'GS_OPTION_VALUE'],
    ['an axis that is a text', () => dice({ axis: '1' as never }), 'GS_OPTION_VALUE'],
    ['an axis twice', () => dice({ axis: [1, 1] }), 'GS_OPTION_VALUE'],
    ['no axes at all', () => tversky({ axis: [] }), 'GS_OPTION_VALUE'],
    ['a negative alpha', () => tversky({ alpha: -1 }), 'GS_OPTION_VALUE'],
    ['a q of 1', () => categoricalGeneralizedCrossEntropy({ q: 1 }), 'GS_OPTION_VALUE'],
    ['a negative gamma', () => binaryFocalCrossentropy({ gamma: -1 }), 'GS_OPTION_VALUE'],
    ['an alpha above 1', () => binaryFocalCrossentropy({ alpha: 2 }), 'GS_OPTION_VALUE'],
    ['no alphas', () => categoricalFocalCrossentropy({ alpha: [] }), 'GS_OPTION_VALUE'],
    ['an alpha that is NaN', () => categoricalFocalCrossentropy({ alpha: [1, NaN] }), 'GS_OPTION_VALUE'],
    ['a gamma of 0', () => circle({ gamma: 0 }), 'GS_OPTION_VALUE'],
    ['an ignored class with a fraction', () => sparseCategoricalCrossentropy({ ignoreClass: 0.5 }), 'GS_OPTION_VALUE'],
    [
      'a function that gives no tensor',
      () => loss((() => 3) as never).call(tf.scalar(0), tf.scalar(0)),
      'GS_LOSS_RESULT',
    ],
    [
      'an async function',
      () => loss((async () => tf.scalar(0)) as never).call(tf.scalar(0), tf.scalar(0)),
      'GS_LOSS_RESULT',
    ],
  ])('refuses %s', (_, act, code) => {
    expect(errorOf(act).code).toBe(code);
  });
});
