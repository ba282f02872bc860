import '@tensorflow/tfjs-backend-cpu';
import { expectAllClose, outputsOf } from '@gradstream/testing';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { trainingContext } from '../../../fixtures/contexts.js';
import { drawsOf } from '../../internal/draws.js';
import { betas, logGammas, permutation, shares } from '../../internal/images/mixing-weights.js';
import type { Layer } from '../../layer.js';
import * as image from './index.js';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const draws = drawsOf(trainingContext());
const values = (make: () => tf.Tensor): number[] => {
  const made = tf.tidy(make);
  const numbers = [...made.dataSync()];
  made.dispose();
  return numbers;
};
const mean = (numbers: readonly number[]): number => numbers.reduce((sum, x) => sum + x, 0) / numbers.length;
const variance = (numbers: readonly number[]): number => {
  const middle = mean(numbers);
  return mean(numbers.map((x) => (x - middle) ** 2));
};
/** The first value of each image that a layer makes of many alike. */
const firsts = (layer: Layer, one: tf.Tensor, count = 4000): number[] =>
  values(() => {
    const output = outputsOf(layer.call({}, [tf.tile(one, [count, 1, 1, 1])], trainingContext()))[0]!;
    return tf.reshape(tf.slice(output, [0, 0, 0, 0], [count, 1, 1, 1]), [count]);
  });
/** Throws unless numbers are uniform: by the greatest distance of their distribution (Kolmogorov and Smirnov), with a chance of 1 in 10,000 to be wrong. */
const expectUniform = (numbers: readonly number[], low: number, high: number): void => {
  const distances = numbers
    .toSorted((a, b) => a - b)
    .map((x, index) => Math.abs((x - low) / (high - low) - (index + 0.5) / numbers.length));
  expect(Math.max(...distances)).toBeLessThan(2.23 / Math.sqrt(numbers.length));
};
const shareOf = (numbers: readonly number[], which: (x: number) => boolean): number =>
  numbers.filter(which).length / numbers.length;
const grey = (value: number, height = 2, width = 2): tf.Tensor => tf.fill([1, height, width, 3], value);
const unit = { valueRange: [0, 1] } as const;

describe('what layers draw', () => {
  it('is uniform where a factor is drawn', () => {
    expectUniform(
      firsts(image.randomBrightness(0.3, unit), grey(0.5)).map((x) => x - 0.5),
      -0.3,
      0.3,
    );
    expectUniform(
      firsts(image.randomBrightness([0.1, 0.2], unit), grey(0.5)).map((x) => x - 0.5),
      0.1,
      0.2,
    );
    const dark = tf.tensor([0, 0, 0, 0.5, 0.5, 0.5], [1, 1, 2, 3]);
    expectUniform(
      firsts(image.randomContrast([0.5, 0.2], { valueRange: [-1, 1] }), dark).map((x) => (0.25 - x) / 0.25),
      0.8,
      1.5,
    );
    // A ramp moved to the right: the first pixel is as far below 8 as it is moved.
    const ramp = tf.reshape(tf.range(0, 16), [1, 1, 16, 1]);
    const left = { fillMode: 'nearest' } as const;
    expectUniform(firsts(image.randomTranslation(0, [-0.5, -0.25], left), ramp), 4, 8);
    expectUniform(firsts(image.randomZoom(0, { widthFactor: [-0.6, -0.2], ...left }), ramp), 7.5 * 0.2, 7.5 * 0.6);
  });

  it('is one of two where it is on or off', () => {
    const two = tf.tensor([0, 1], [1, 1, 2, 1]);
    // 4000 draws: 5 deviations of a share of a half are 0.04.
    expect(Math.abs(mean(firsts(image.randomFlip('horizontal'), two)) - 0.5)).toBeLessThan(0.04);
    expect(Math.abs(mean(firsts(image.randomInvert(unit), tf.zeros([1, 1, 1, 1]))) - 0.5)).toBeLessThan(0.04);
    const fill = image.randomErasing({ ...unit, factor: [0.2, 0.4], scale: [1, 1], fillValue: 1 });
    expect(Math.abs(mean(firsts(fill, tf.zeros([1, 2, 2, 1]))) - 0.3)).toBeLessThan(0.04);
    const red = tf.tensor([1, 0, 0], [1, 1, 1, 3]);
    expect(Math.abs(shareOf(firsts(image.randomGrayscale({ factor: 0.1 }), red), (x) => x < 1) - 0.1)).toBeLessThan(
      0.025,
    );
  });

  it('is each whole number as often where bits or places are drawn', () => {
    const bits = firsts(image.randomPosterization([2, 6]), grey(255));
    const kinds = [192, 224, 240, 248];
    expect(new Set(bits)).toEqual(new Set(kinds));
    for (const kind of kinds) expect(Math.abs(shareOf(bits, (x) => x === kind) - 0.25)).toBeLessThan(0.04);
    const places = firsts(image.randomCrop(2, 2), tf.reshape(tf.range(0, 12), [1, 3, 4, 1]));
    expect(new Set(places)).toEqual(new Set([0, 1, 2, 4, 5, 6]));
    for (const place of new Set(places))
      expect(Math.abs(shareOf(places, (x) => x === place) - 1 / 6)).toBeLessThan(0.03);
  });

  it('moves pixels of an elastic image by what it says', () => {
    const ramp = tf.tile(tf.reshape(tf.range(0, 40), [1, 1, 40, 1]), [1, 40, 1, 1]);
    const layer = image.randomElasticTransform({
      factor: [1, 1],
      scale: [1, 1],
      fillMode: 'nearest',
      valueRange: [0, 40],
    });
    const output = values(() => {
      const warped = outputsOf(layer.call({}, [tf.tile(ramp, [32, 1, 1, 1])], trainingContext()))[0]!;
      // Far enough from the edges that neither the blur nor the moves meet them.
      return tf.slice(tf.sub(warped, ramp), [0, 15, 15, 0], [32, 10, 10, 1]);
    });
    // Moves are 0.1 * 40 * 2 times a field that a blur by 2 pixels makes smooth: its deviation is 1 / (2 * 2 * sqrt(pi)).
    const expected = 8 / (4 * Math.sqrt(Math.PI));
    // Each image has about four moves in it that do not depend on each other: the mean of 128 deviates by 0.1.
    expect(Math.abs(mean(output))).toBeLessThan(0.4);
    expect(Math.sqrt(variance(output))).toBeGreaterThan(0.7 * expected);
    expect(Math.sqrt(variance(output))).toBeLessThan(1.3 * expected);
  });
});

describe('what images are mixed by', () => {
  it.each([0.1, 0.5, 1, 4])('gamma numbers of the parameter %d', (alpha) => {
    const numbers = values(() => tf.exp(logGammas(draws, [20_000], alpha)));
    const deviation = Math.sqrt(alpha / 20_000);
    expect(Math.abs(mean(numbers) - alpha)).toBeLessThan(5 * deviation);
    // The fourth moment of a gamma distribution is 3 a^2 + 6 a.
    expect(Math.abs(variance(numbers) - alpha)).toBeLessThan(5 * Math.sqrt((2 * alpha ** 2 + 6 * alpha) / 20_000));
  });

  it('beta numbers, uniform for 1, and finite for the smallest parameters', () => {
    expectUniform(
      values(() => betas(draws, [5000], 1)),
      0,
      1,
    );
    for (const alpha of [0.2, 3]) {
      const numbers = values(() => betas(draws, [20_000], alpha));
      expect(Math.abs(mean(numbers) - 0.5)).toBeLessThan(0.02);
      expect(variance(numbers)).toBeCloseTo(1 / (4 * (2 * alpha + 1)), 2);
    }
    const tiny = values(() => betas(draws, [100], tf.fill([100], 1e-6)));
    expect(tiny.every((x) => x >= 0 && x <= 1)).toBe(true);
  });

  it('shares that add up to 1', () => {
    const parts = values(() => shares(draws, [4000, 3], 1));
    expect(mean(parts)).toBeCloseTo(1 / 3, 5);
    expect(Math.abs(mean(parts.filter((_, index) => index % 3 === 0)) - 1 / 3)).toBeLessThan(0.02);
  });

  it('permutations, each image in each place as often', () => {
    const counts = Array.from({ length: 4 }, () => 0);
    for (let step = 0; step < 400; step++) {
      const order = values(() => permutation(drawsOf(trainingContext(step)), 4));
      expect(order.toSorted()).toEqual([0, 1, 2, 3]);
      counts[order[0]!]!++;
    }
    // 400 draws of a quarter: 5 deviations are 43.
    for (const count of counts) expect(Math.abs(count - 100)).toBeLessThan(43);
  });

  it.each([image.mixUp({ alpha: 1 }), image.cutMix()])('images and labels by the same shares', (layer) => {
    tf.tidy(() => {
      // Image i is i everywhere and has label i: what the labels say is what the image holds.
      const classes = 8;
      const images = tf.tile(tf.reshape(tf.range(0, classes), [classes, 1, 1, 1]), [1, 64, 64, 1]);
      const labels = tf.cast(tf.oneHot(tf.range(0, classes, 1, 'int32'), classes), 'float32');
      const [mixed, shared] = outputsOf(layer.call({}, [images, labels], trainingContext())) as [tf.Tensor, tf.Tensor];
      const said = tf.matMul(shared, tf.reshape(tf.range(0, classes), [classes, 1]));
      expectAllClose(tf.sum(shared, 1), tf.ones([classes]), { absolute: 1e-5 });
      // A box's sides are whole pixels in the image alone: up to one of 64 off on each side.
      const absolute = layer.type === 'CutMix' ? 7 * (2 / 64) : 1e-4;
      expectAllClose(tf.mean(tf.reshape(mixed, [classes, -1]), 1), tf.reshape(said, [classes]), { absolute });
      expect(Math.max(...tf.abs(tf.sub(shared, labels)).dataSync())).toBeGreaterThan(0.01);
    });
  });
});
