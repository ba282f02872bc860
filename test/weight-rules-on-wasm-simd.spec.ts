import { registerGradients } from '@gradstream/autodiff';
import { regularizer } from '@gradstream/regularizers';
import { constraint } from '@gradstream/regularizers/constraints';
import { firstDifference } from '@gradstream/testing';
import { useBackend } from 'gradstream';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import golden from '../packages/regularizers/fixtures/regularizers.json' with { type: 'json' };

const rows = [
  ...golden.penalties,
  ...golden.orthogonal.map((row) => ({ name: 'orthogonal', ...row })),
  ...golden.sparsity.map((row) => ({ name: 'klSparsity', ...row })),
];
const near = { relative: 1e-5, absolute: 1e-7 };

describe('on wasm-simd, in the numbers of Keras', () => {
  beforeAll(async () => {
    expect((await useBackend('wasm-simd')).name).toBe('wasm-simd');
    registerGradients();
  });

  it.each(rows)('$name $options of $shape', ({ name, options, shape, w, value, gradient }) => {
    const penalize = regularizer({ type: name, config: options as Record<string, number> });
    const before = tf.memory().numTensors;
    tf.tidy(() => {
      const weight = tf.tensor(w, shape);
      expect(firstDifference(penalize(weight), [value], near)).toBeNull();
      expect(firstDifference(tf.grad((x: tf.Tensor) => penalize(x))(weight), gradient, near)).toBeNull();
    });
    expect(tf.memory().numTensors).toBe(before);
  });

  it.each(golden.constrained)('$name $options of $shape', ({ name, options, shape, w, value }) => {
    const constrain = constraint({ type: name, config: options as Record<string, number> });
    tf.tidy(() => {
      expect(firstDifference(constrain(tf.tensor(w, shape)), value, near)).toBeNull();
    });
  });
});
