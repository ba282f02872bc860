import { randomKey, sizeOf, uniformValues } from '@gradstream/core';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import { checkDrawn, checkKnown, key, numbersOf } from '../fixtures/initializer-case.js';
import golden from '../fixtures/initializers.json' with { type: 'json' };
import type { VarianceScalingOptions } from './index.js';
import {
  constant,
  fans,
  initializer,
  ones,
  orthogonal,
  randomUniform,
  stft,
  truncatedNormal,
  varianceScaling,
  zeros,
} from './index.js';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

describe('in the numbers of Keras', () => {
  it.each(golden.fans)('fans of %j', (shape, [fanIn, fanOut]) => {
    expect(fans(shape)).toEqual({ fanIn, fanOut });
  });

  it.each(golden.named)('$type of $shape', (row) => checkDrawn({ type: row.type, config: {} }, row));

  it.each(golden.scaled)('varianceScaling: $mode, $distribution, $scale for $shape', (row) => {
    const { mode, distribution, scale } = row as Pick<
      Required<VarianceScalingOptions>,
      'mode' | 'distribution' | 'scale'
    >;
    checkDrawn(varianceScaling({ mode, distribution, scale }).config!, row);
  });

  it.each(golden.defaults)('$type without options', (row) => checkDrawn({ type: row.type, config: {} }, row));
});

describe('in the numbers of Keras, with options', () => {
  it.each(golden.axes)(
    '$type of $shape along $inputAxes and $outputAxes',
    ({ type, inputAxes, outputAxes, ...row }) => {
      const [fanIn, fanOut] = row.fans;
      expect(fans(row.shape, { inputAxes, outputAxes })).toEqual({ fanIn, fanOut });
      checkDrawn({ type, config: { inputAxes, outputAxes } }, row);
    },
  );

  it.each([...golden.known, ...golden.transforms])('$type $options of $shape', (row) => checkKnown(row));

  it("knows windows by SciPy's other names too", () => {
    const of = (window: string): Float32Array => numbersOf(stft({ window }), [6, 1, 2]);
    expect(of('hamm')).toEqual(of('hamming'));
    expect(of('taylorwin')).toEqual(of('taylor'));
  });
});

/** Every initializer of this package with default options. */
const TYPES = [
  ...[
    'Zeros',
    'Ones',
    'Constant',
    'Identity',
    'STFT',
    'RandomNormal',
    'RandomUniform',
    'TruncatedNormal',
    'VarianceScaling',
    'Orthogonal',
  ],
  ...['GlorotUniform', 'GlorotNormal', 'HeUniform', 'HeNormal', 'LecunUniform', 'LecunNormal'],
];
const CONSTANT = ['Zeros', 'Ones', 'Constant', 'Identity', 'STFT'];
const RANDOM = TYPES.filter((type) => !CONSTANT.includes(type));

/** A shape that each of them takes. */
const shapeFor = (type: string): number[] => (type === 'STFT' ? [5, 1, 3] : [5, 3]);

describe('every initializer', () => {
  it.each(TYPES)('%s: the same key gives the same numbers on each backend, another key others', async (type) => {
    const initialize = initializer({ type, config: {} });
    await tf.setBackend('cpu');
    const first = numbersOf(initialize, shapeFor(type));
    expect(numbersOf(initialize, shapeFor(type))).toEqual(first);
    await tf.setBackend('wasm');
    expect(numbersOf(initialize, shapeFor(type))).toEqual(first);
    await tf.setBackend('cpu');
    const other = numbersOf(initialize, shapeFor(type), randomKey(43));
    if (CONSTANT.includes(type)) expect(other).toEqual(first);
    else expect(other).not.toEqual(first);
  });

  it.each(TYPES)('%s: its config makes it again', (type) => {
    const initialize = initializer({ type, config: {} });
    expect(initialize.config).toMatchObject({ type });
    const again = initializer(JSON.parse(JSON.stringify(initialize.config)));
    expect(again.config).toEqual(initialize.config);
    expect(numbersOf(again, shapeFor(type))).toEqual(numbersOf(initialize, shapeFor(type)));
  });

  it.each(TYPES)('%s: any rank, empty weights, no tensor left behind', (type) => {
    const initialize = initializer({ type, config: {} });
    const before = tf.memory().numTensors;
    for (const shape of [[], [4], [2, 3], [2, 0], [0, 3], [3, 1, 2], [2, 2, 2, 2], [1, 2, 1, 2, 2]]) {
      if (type === 'Orthogonal' && shape.length < 2) continue;
      if (type === 'Identity' && shape.length !== 2) continue;
      if (type === 'STFT') continue;
      const numbers = numbersOf(initialize, shape);
      expect(numbers).toHaveLength(sizeOf(shape));
      expect(numbers.every(Number.isFinite)).toBe(true);
    }
    for (const shape of type === 'STFT'
      ? [
          [0, 1, 2],
          [1, 1, 2],
          [4, 1, 3],
        ]
      : [])
      numbersOf(initialize, shape);
    expect(tf.memory().numTensors).toBe(before);
  });

  it.each(RANDOM)('%s: a seed decides, whatever the key', (type) => {
    const seeded = initializer({ type, config: { seed: 7 } });
    const numbers = numbersOf(seeded, [5, 3]);
    expect(numbersOf(seeded, [5, 3], randomKey(1))).toEqual(numbers);
    expect(numbersOf(initializer({ type, config: {} }), [5, 3], randomKey(7))).toEqual(numbers);
    expect(seeded.config!.config.seed).toBe(7);
    expect(numbersOf(initializer({ type, config: { seed: 0 } }), [5, 3])).not.toEqual(numbers);
  });

  it('keeps options in its config', () => {
    expect(constant(0.5).config).toEqual({ type: 'Constant', config: { value: 0.5 } });
    expect([...numbersOf(initializer({ type: 'Constant', config: { value: 0.5 } }), [2])]).toEqual([0.5, 0.5]);
    expect(truncatedNormal({ stddev: 0.1 }).config).toEqual({
      type: 'TruncatedNormal',
      config: { mean: 0, stddev: 0.1, seed: null },
    });
    expect(varianceScaling({ scale: 2, mode: 'fanOut' }).config).toEqual({
      type: 'VarianceScaling',
      config: {
        scale: 2,
        mode: 'fanOut',
        distribution: 'truncatedNormal',
        seed: null,
        inputAxes: null,
        outputAxes: null,
      },
    });
    expect(orthogonal({ gain: 2 }).config).toEqual({ type: 'Orthogonal', config: { gain: 2, seed: null } });
  });

  it('is the known constant', () => {
    expect([...numbersOf(zeros(), [2])]).toEqual([0, 0]);
    expect([...numbersOf(ones(), [2])]).toEqual([1, 1]);
    expect([...numbersOf(constant(-3), [2])]).toEqual([-3, -3]);
    expect([...numbersOf(constant(), [1])]).toEqual([0]);
  });

  it('takes its uniform numbers from the generator as they come', () => {
    expect(numbersOf(randomUniform({ minval: -2, maxval: 1 }), [3, 3])).toEqual(uniformValues(key, 0, 9, -2, 1));
  });
});
