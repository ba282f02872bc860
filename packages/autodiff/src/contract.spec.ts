import '@tensorflow/tfjs-backend-cpu';
import { expectAllClose, gradientCheck } from '@gradstream/testing';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { contract } from './contract.js';
import { registerGradients } from './register-gradients.js';

beforeAll(async () => {
  await tf.setBackend('cpu');
  registerGradients();
});

const SIZES: Readonly<Record<string, number>> = { a: 2, b: 3, c: 4, d: 2 };
const drawn = (labels: string, seed: number): tf.Tensor => {
  const shape = [...labels].map((label) => SIZES[label]!);
  const size = tf.util.sizeFromShape(shape);
  return tf.tensor(
    Float32Array.from({ length: size }, (_, i) => Math.sin(i * 1.3 + seed)),
    shape,
  );
};

describe('contract', () => {
  it.each([
    ['ab', 'bc', 'ac'],
    ['ba', 'cb', 'ca'],
    ['abc', 'acd', 'dab'],
    ['ab', 'cd', 'abcd'],
    ['abc', 'bd', 'ad'],
    ['ab', 'ab', ''],
  ])('%s and %s to %s is what einsum gives, with gradients', (left, right, wanted) => {
    tf.tidy(() => {
      const [x, y] = [drawn(left, 1), drawn(right, 2)];
      const both = (x: tf.Tensor, y: tf.Tensor): tf.Tensor =>
        contract({ tensor: x, labels: left }, { tensor: y, labels: right }, wanted);
      expectAllClose(both(x, y), tf.einsum(`${left},${right}->${wanted}`, x, y));
      gradientCheck((x, y) => both(x!, y!), [x, y]);
    });
  });

  it('leaves the result alone', () => {
    const [x, y] = [drawn('ba', 1), drawn('cb', 2)];
    const before = tf.memory().numTensors;
    contract({ tensor: x, labels: 'ba' }, { tensor: y, labels: 'cb' }, 'ac').dispose();
    expect(tf.memory().numTensors).toBe(before);
    tf.dispose([x, y]);
  });
});
