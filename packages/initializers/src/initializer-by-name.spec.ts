import { GradstreamError, randomKey } from '@gradstream/core';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import * as exported from './index.js';
import type { Initializer } from './index.js';
import {
  fans,
  initializer,
  orthogonal,
  randomNormal,
  randomUniform,
  stft,
  truncatedNormal,
  varianceScaling,
  zeros,
} from './index.js';

const key = randomKey(42);

beforeAll(async () => {
  await tf.setBackend('cpu');
});

describe('initializer', () => {
  it('finds by name and gives a function back unchanged', () => {
    const scaled = { seed: null, inputAxes: null, outputAxes: null };
    expect(initializer('he_normal').config).toEqual({ type: 'HeNormal', config: scaled });
    expect(initializer('glorotUniform').config).toEqual({ type: 'GlorotUniform', config: scaled });
    expect(initializer('normal').config).toEqual({
      type: 'RandomNormal',
      config: { mean: 0, stddev: 0.05, seed: null },
    });
    const own: Initializer = (shape) => tf.ones([...shape]);
    expect(initializer(own)).toBe(own);
  });

  it("passes a good result of one's own on", () => {
    const before = tf.memory().numTensors;
    const value = exported.initialValue((shape) => tf.ones([...shape]), [2, 2], key);
    expect([...value.dataSync()]).toEqual([1, 1, 1, 1]);
    value.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('what cannot be used is refused', () => {
  const any = exported as unknown as Record<string, (...values: unknown[]) => (...values: unknown[]) => unknown>;
  const cases: [string, string, () => unknown, string][] = [
    ['a misspelt name', 'GS_INITIALIZER_UNKNOWN', () => initializer('glorotUnifrm'), 'Did you mean "glorotUniform"?'],
    ['no name', 'GS_INITIALIZER_UNKNOWN', () => any.initializer!(undefined), 'pass the initializer itself'],
    [
      'a config of nothing known',
      'GS_INITIALIZER_UNKNOWN',
      () => initializer({ type: 'Fourier', config: {} }),
      'pass the initializer itself',
    ],
    [
      'options where there are none',
      'GS_OPTION_UNKNOWN',
      () => initializer({ type: 'HeNormal', config: { gain: 1 } }),
      'Remove it',
    ],
    ['a negative deviation', 'GS_OPTION_VALUE', () => randomNormal({ stddev: -1 }), '"stddev"'],
    ['a negative deviation before the cut', 'GS_OPTION_VALUE', () => truncatedNormal({ stddev: -1 }), '"stddev"'],
    ['bounds in the wrong order', 'GS_OPTION_VALUE', () => randomUniform({ minval: 1, maxval: 0 }), 'Swap'],
    ['a negative scale', 'GS_OPTION_VALUE', () => varianceScaling({ scale: -1 }), '"scale"'],
    ['a scale of 0', 'GS_OPTION_VALUE', () => varianceScaling({ scale: 0 }), '"scale"'],
    [
      "Keras' spelling of a mode",
      'GS_OPTION_VALUE',
      () => any.varianceScaling!({ mode: 'fan_avg' }),
      'Did you mean "fanAvg"?',
    ],
    [
      'an unknown distribution',
      'GS_OPTION_VALUE',
      () => any.varianceScaling!({ distribution: 'cauchy' }),
      '"distribution"',
    ],
    ['a misspelt option', 'GS_OPTION_UNKNOWN', () => any.randomNormal!({ std: 1 }), 'Remove it'],
    ['half a seed', 'GS_OPTION_VALUE', () => any.heNormal!({ seed: 0.5 }), '"seed"'],
    ['a seed below 0', 'GS_OPTION_VALUE', () => orthogonal({ seed: -1 }), '"seed"'],
    [
      'a generator for a seed',
      'GS_OPTION_VALUE',
      () => initializer({ type: 'HeNormal', config: { seed: { type: 'SeedGenerator', config: { seed: 1 } } } }),
      '"seed"',
    ],
    ['axes without the others', 'GS_OPTION_VALUE', () => varianceScaling({ inputAxes: [0] }), 'Give both'],
    ['an axis for axes', 'GS_OPTION_VALUE', () => any.heNormal!({ inputAxes: 0, outputAxes: 1 }), 'Give both'],
    ['an axis twice', 'GS_OPTION_VALUE', () => varianceScaling({ inputAxes: [0, 0], outputAxes: [1] }), 'Give both'],
    [
      'axes that the weight lacks',
      'GS_INITIALIZER_SHAPE',
      () => varianceScaling({ inputAxes: [2], outputAxes: [1] })([2, 3], key),
      'axes of the shape [2, 3]',
    ],
    [
      'an axis too far back',
      'GS_INITIALIZER_SHAPE',
      () => varianceScaling({ inputAxes: [-3], outputAxes: [1] })([2, 3], key),
      'axes of the shape [2, 3]',
    ],
    ['an identity of three dimensions', 'GS_INITIALIZER_SHAPE', () => exported.identity()([2, 2, 2], key), 'matrix'],
    ['an infinite identity', 'GS_OPTION_VALUE', () => exported.identity({ gain: Infinity }), '"gain"'],
    ['a transform of a matrix', 'GS_INITIALIZER_SHAPE', () => stft()([4, 3], key), '[samples, 1'],
    ['a transform of two channels', 'GS_INITIALIZER_SHAPE', () => stft()([4, 2, 3], key), '[samples, 1'],
    ['a transform of one frequency', 'GS_INITIALIZER_SHAPE', () => stft()([4, 1, 1], key), 'two frequencies'],
    ['a window of another length', 'GS_INITIALIZER_SHAPE', () => stft({ window: [1, 2] })([3, 1, 2], key), '2 values'],
    ['a window of zeros', 'GS_INITIALIZER_SHAPE', () => stft()([2, 1, 2], key), 'not 0 everywhere'],
    ['a window that needs numbers', 'GS_OPTION_VALUE', () => stft({ window: 'kaiser' }), '"window"'],
    ['a window of the prototype', 'GS_OPTION_VALUE', () => stft({ window: 'constructor' }), '"window"'],
    ['a window of words', 'GS_OPTION_VALUE', () => any.stft!({ window: ['a'] }), '"window"'],
    ['another side', 'GS_OPTION_VALUE', () => any.stft!({ side: 'left' }), '"side"'],
    ['another scaling', 'GS_OPTION_VALUE', () => any.stft!({ scaling: 'dense' }), '"scaling"'],
    ['a word for a flag', 'GS_OPTION_VALUE', () => any.stft!({ periodic: 'no' }), '"periodic"'],
    ['a word for a number', 'GS_OPTION_VALUE', () => any.constant!('1'), '"value"'],
    ['an infinite gain', 'GS_OPTION_VALUE', () => orthogonal({ gain: Infinity }), '"gain"'],
    ['an orthogonal bias', 'GS_INITIALIZER_SHAPE', () => orthogonal()([3], key), 'zeros'],
    ['an unknown size', 'GS_INITIALIZER_SHAPE', () => any.heNormal!()([null, 3], key), 'no unknown sizes'],
    ['a negative size', 'GS_INITIALIZER_SHAPE', () => zeros()([-1], key), 'no unknown sizes'],
    ['no shape', 'GS_INITIALIZER_SHAPE', () => any.ones!()(3), 'no unknown sizes'],
    ['fans of no shape', 'GS_INITIALIZER_SHAPE', () => fans([1.5]), 'no unknown sizes'],
    ['a missing key', 'GS_INITIALIZER_KEY', () => any.glorotUniform!()([2, 2]), 'randomKey(seed)'],
    ['a seed for a key', 'GS_INITIALIZER_KEY', () => any.randomNormal!()([2, 2], 42), 'randomKey(seed)'],
    [
      'a result of another shape',
      'GS_INITIALIZER_RESULT',
      () => exported.initialValue(() => tf.ones([3]), [2], key),
      'tf.ones(shape)',
    ],
    [
      'a result of whole numbers',
      'GS_INITIALIZER_RESULT',
      () => exported.initialValue(() => tf.ones([2], 'int32'), [2], key),
      'tf.ones(shape)',
    ],
    ['no result', 'GS_INITIALIZER_RESULT', () => any.initialValue!(() => undefined, [2], key), 'tf.ones(shape)'],
  ];
  it.each(cases)('%s: %s', (_, code, call, next) => {
    let error: unknown;
    try {
      call();
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(GradstreamError);
    expect(error).toMatchObject({ code });
    expect((error as GradstreamError).message).toContain(next);
  });
});
