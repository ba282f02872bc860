import '@tensorflow/tfjs-backend-cpu';
import { expectAllClose } from '@gradstream/testing';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { registerGradients } from './register-gradients.js';
import { valueAndGradients } from './value-and-gradients.js';

await tf.setBackend('cpu');
registerGradients();

const a = tf.variable(tf.tensor1d([1, 2]));
const b = tf.variable(tf.scalar(3), false);
const loss = (): tf.Scalar => tf.sum(tf.mul(tf.square(a), b));

describe('valueAndGradients', () => {
  it('gives the value and a gradient for each name', () => {
    const { value, gradients } = valueAndGradients(loss, { 'layer/kernel': a, 'layer/bias': b });
    expectAllClose(value, [15]);
    expect(Object.keys(gradients)).toEqual(['layer/kernel', 'layer/bias']);
    expectAllClose(gradients['layer/kernel']!, [6, 12]);
    expectAllClose(gradients['layer/bias']!, [5]);
  });

  it('leaves the value and the gradients alone behind, each a tensor of its own', () => {
    const before = tf.memory().numTensors;
    const sum = valueAndGradients(() => tf.sum(tf.add(tf.add(a, a), b)), { a, b });
    expect(tf.memory().numTensors).toBe(before + 3);
    sum.gradients['a']!.dispose();
    expectAllClose(sum.gradients['b']!, [2]);
    tf.dispose([sum.value, sum.gradients]);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('gives gradients of their own where one value takes several ways', () => {
    const c = tf.variable(tf.tensor1d([4, 5]));
    const { gradients } = valueAndGradients(
      () => {
        const sum = tf.add(a, c);
        return tf.sum(tf.add(tf.mul(sum, a), sum));
      },
      { a, c },
    );
    expectAllClose(gradients['a']!, [7, 10]);
    expectAllClose(gradients['c']!, [2, 3]);
    c.dispose();
  });

  it('gives the value alone for no variables', () => {
    const before = tf.memory().numTensors;
    const { value, gradients } = valueAndGradients(loss, {});
    expectAllClose(value, [15]);
    expect(gradients).toEqual({});
    value.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  const crash = (): tf.Scalar => {
    loss();
    throw new Error('stop');
  };
  const halt = tf.customGrad((x, save) => {
    (save as tf.GradSaveFunc)([x as tf.Tensor]);
    return {
      value: tf.sum(x as tf.Tensor),
      gradFunc: () => {
        throw new Error('stop');
      },
    };
  });
  it.each([
    [
      'a variable that takes no part',
      () => tf.sum(tf.square(a)),
      { a, 'dense/bias': b },
      'GS_AUTODIFF_DISCONNECTED',
      'none for dense/bias',
    ],
    ['variables that take no part at all', () => tf.scalar(1), { a, b }, 'GS_AUTODIFF_DISCONNECTED', 'none for a, b'],
    ['a value that is no scalar', () => tf.square(a), { a }, 'GS_AUTODIFF_VALUE', 'received float32 [2]'],
    ['a value that is no scalar, for no variables', () => tf.square(a), {}, 'GS_AUTODIFF_VALUE', 'float32 [2]'],
    ['a whole number', () => tf.cast(loss(), 'int32'), { a }, 'GS_AUTODIFF_VALUE', 'received int32 []'],
    ['a function that throws', crash, { a }, undefined, 'stop'],
    ['a gradient that throws', () => halt(tf.square(a)) as tf.Scalar, { a }, undefined, 'stop'],
  ])(
    'refuses %s and leaves nothing behind',
    (_, f: () => tf.Tensor, variables: Record<string, tf.Variable>, code, text) => {
      const before = tf.memory().numTensors;
      const error = (() => {
        try {
          valueAndGradients(f as () => tf.Scalar, variables);
        } catch (thrown) {
          return thrown as Error & { code?: string };
        }
        return undefined;
      })();
      expect(error?.code).toBe(code);
      expect(error?.message).toContain(text);
      expect(tf.memory().numTensors).toBe(before);
    },
  );
});
