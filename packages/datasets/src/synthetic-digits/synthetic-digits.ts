import { checkNumber, checkOptions, foldIn, randomKey, type HostArray, type RandomKey } from '@gradstream/core';
import type { Dataset } from '../dataset.js';
import type { LabelledExample } from '../example.js';
import { fromArrays } from '../from-arrays.js';
import { rescale } from '../maps/rescale.js';
import { digitStyles } from './digit-styles.js';
import { drawDigit } from './draw-digit.js';
import { randomHand } from './hand.js';
import { randomNumbers } from './random-numbers.js';

/** How many digits are drawn, and how. */
export interface SyntheticDigitsOptions {
  /** Examples to train on. Default 10,000. */
  readonly train?: number;
  /** Examples to test on, drawn from numbers of their own. Default 2,000. */
  readonly test?: number;
  /** Any integer from 0 to 2^53 - 1. Default 0. */
  readonly seed?: number;
  /** Pixels a side, 8 to 256. Default 28, as MNIST. */
  readonly size?: number;
  /** Gives x as float32 in [0, 1] (default), or as uint8 from 0 to 255. */
  readonly normalize?: boolean;
}

/** Examples to train on and examples to test on. */
export interface TrainAndTest {
  readonly train: Dataset<LabelledExample>;
  readonly test: Dataset<LabelledExample>;
}

/**
 * Pictures of the digits 0 to 9, drawn by strokes in several styles with random distortion, width of line and grain: data with the shape of
 * MNIST that needs no file. x is `[28, 28]`, white on black, y the digit as int32.
 *
 * A pure function of the options: image `i` depends on seed, size and `i` alone, so more examples leave the first ones as they are.
 */
export function syntheticDigits(options: SyntheticDigitsOptions = {}): TrainAndTest {
  const where = 'datasets/syntheticDigits';
  checkOptions(where, options, ['train', 'test', 'seed', 'size', 'normalize']);
  const { train = 10_000, test = 2_000, seed = 0, size = 28, normalize = true } = options;
  checkNumber(where, 'train', train, { min: 1, integer: true });
  checkNumber(where, 'test', test, { min: 1, integer: true });
  checkNumber(where, 'size', size, { min: 8, max: 256, integer: true });
  const key = foldIn(randomKey(seed), 'datasets/syntheticDigits');
  const examples = (part: string, count: number): Dataset<LabelledExample> => {
    const pixels = fromArrays<LabelledExample>(digits(foldIn(key, part), count, size));
    return normalize ? pixels.map(rescale(1 / 255)) : pixels;
  };
  return { train: examples('train', train), test: examples('test', test) };
}

function digits(key: RandomKey, count: number, size: number): { x: HostArray<'uint8'>; y: HostArray<'int32'> } {
  const area = size * size;
  const images = new Uint8Array(count * area);
  const labels = new Int32Array(count);
  const coverage = new Float32Array(area);
  for (let index = 0; index < count; index++) {
    const random = randomNumbers(key, index, area);
    const label = random.below(10);
    const styles = digitStyles[label]!;
    const strokes = styles[random.below(styles.length)]!;
    const hand = randomHand(random);
    coverage.fill(0);
    drawDigit(coverage, size, strokes, hand);
    const grain = random.bytes(area);
    for (let i = 0; i < area; i++) {
      const pixel = coverage[i]! * hand.ink + (grain[i]! / 127.5 - 1) * hand.grain;
      images[index * area + i] = Math.max(0, Math.min(255, Math.round(pixel)));
    }
    labels[index] = label;
  }
  return {
    x: { dtype: 'uint8', shape: [count, size, size], values: images },
    y: { dtype: 'int32', shape: [count], values: labels },
  };
}
