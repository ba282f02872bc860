import '@tensorflow/tfjs-backend-cpu';
import { expectAllClose } from '@gradstream/testing';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import numbers from '../../../fixtures/projections.json' with { type: 'json' };
import { homography, type Corner } from '../../internal/images/homography.js';
import { projectImages, type Projection } from '../../internal/images/project-images.js';
import type { Sampling } from '../../internal/images/sample-pixels.js';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const tolerance = { absolute: 1e-5, relative: 1e-5 };
const tensorOf = ({ values, shape }: { values: number[]; shape: number[] }): tf.Tensor => tf.tensor(values, shape);
/** Column `index` of numbers by image. */
const column = (values: readonly number[], width: number, index: number): tf.Tensor =>
  tf.tensor(
    values.filter((_, place) => place % width === index),
    [values.length / width, 1, 1],
  );

describe('transforms of images by Keras', () => {
  it.each(numbers.transforms.map((one) => [`${one.fillMode}, ${one.interpolation}`, one] as const))('%s', (_, one) => {
    const before = tf.memory().numTensors;
    tf.tidy(() => {
      const [a0, a1, a2, b0, b1, b2, c0, c1] = Array.from({ length: 8 }, (_unused, index) =>
        column(one.transforms, 8, index),
      ) as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
      const projection: Projection = { a: [a0, a1, a2], b: [b0, b1, b2], c: [c0, c1] };
      const { fillMode, interpolation } = one as Sampling & typeof one;
      const output = projectImages(tensorOf(one.images), projection, { fillMode, interpolation, fillValue: 0.5 });
      expectAllClose(output, one.output, tolerance);
    });
    expect(tf.memory().numTensors).toBe(before);
  });

  it.each(numbers.corners.map((one) => [one.images.shape, one] as const))('%j by corners', (_, one) => {
    tf.tidy(() => {
      const corner = (index: number): Corner => [
        column(one.corners, 8, 2 * index),
        column(one.corners, 8, 2 * index + 1),
      ];
      const [, height, width] = one.images.shape as [number, number, number];
      const projection = homography([corner(0), corner(1), corner(2), corner(3)], height, width);
      const sampling: Sampling = { fillMode: 'constant', interpolation: 'bilinear', fillValue: 0.5 };
      expectAllClose(projectImages(tensorOf(one.images), projection, sampling), one.output, {
        absolute: 1e-5,
        relative: 1e-4,
      });
    });
  });
});
