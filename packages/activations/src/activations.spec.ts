import { registerGradients } from '@gradstream/autodiff';
import { firstDifference } from '@gradstream/testing';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import { activations, checkElementwise, checkVector, withOptions } from '../fixtures/activation-case.js';
import golden from '../fixtures/activations.json' with { type: 'json' };

beforeAll(() => registerGradients());

describe.each(['cpu', 'wasm'])('on %s, in the numbers of Keras', (backend) => {
  beforeAll(async () => {
    expect(await tf.setBackend(backend)).toBe(true);
  });

  it.each(golden.elementwise)('$name $options', (row) => checkElementwise(row));

  it.each(golden.vector)('$name of $shape along $axis, numbers up to $scale', (row) => checkVector(row));

  const tails = ['softplus', 'logSigmoid', 'squareplus', 'silu', 'mish', 'exponential', 'softsign'];
  it.each(tails)('%s keeps its digits where it is nearly 0', (name) => {
    const row = golden.elementwise.find((one) => one.name === name)!;
    // Below 1e-37 float32 loses digits by itself. At -1.2 the slope of mish is a difference of nearly equal numbers.
    const kept = golden.points.smooth.map((x, i) => ({ x, y: row.y[i]!, slope: row.slope[i]! }));
    const usable = kept.filter(({ y, x }) => Math.abs(y) > 1e-37 && Math.abs(y) < 3e38 && x !== Math.fround(-1.2));
    expect(usable.length).toBeGreaterThan(20);
    tf.tidy(() => {
      const x = tf.tensor1d(usable.map((one) => one.x));
      const pure = { relative: 1e-5, absolute: 1e-37 };
      expect(
        firstDifference(
          activations[name]!(x),
          usable.map((one) => one.y),
          pure,
        ),
      ).toBeNull();
      const slopes = usable.map((one) => one.slope);
      const gradient = tf.grad((input: tf.Tensor) => activations[name]!(input))(x, tf.onesLike(x));
      expect(firstDifference(gradient, slopes, pure)).toBeNull();
    });
  });

  const scalarsToo = Object.keys(activations).filter(
    (name) => !/softmax|logSoftmax|sparsemax|glu$|threshold/i.test(name),
  );
  it('takes any rank, scalars included, and keeps the shape', () => {
    expect(scalarsToo.length).toBe(27);
    for (const name of scalarsToo) {
      tf.tidy(() => {
        const flat = activations[name]!(tf.tensor1d([-2, -0.25, 0.75, 3])).dataSync();
        for (const shape of [[4], [2, 2], [1, 4], [1, 2, 1, 2, 1], [4, 1, 1, 1, 1, 1]]) {
          const value = activations[name]!(tf.tensor([-2, -0.25, 0.75, 3], shape));
          expect(value.shape, name).toEqual(shape);
          expect(firstDifference(value, flat, { relative: 1e-6 }), name).toBeNull();
        }
        const scalar = activations[name]!(tf.scalar(3));
        expect(scalar.shape, name).toEqual([]);
        expect(firstDifference(scalar, [flat[3]!], { relative: 1e-6 }), name).toBeNull();
      });
    }
  });

  it('takes an empty batch', () => {
    for (const [name, f] of Object.entries(activations)) {
      tf.tidy(() => {
        const value = name === 'threshold' ? f(tf.zeros([0, 4]), 1, 0) : f(tf.zeros([0, 4]));
        expect(value.shape, name).toEqual(name === 'glu' ? [0, 2] : [0, 4]);
      });
    }
  });

  it('casts whole numbers and booleans to float32, all but linear', () => {
    for (const [name, f] of Object.entries(activations)) {
      const call = (x: tf.Tensor): tf.Tensor => (name === 'threshold' ? f(x, 1, 0) : f(x));
      const before = tf.memory().numTensors;
      const whole = tf.tensor2d([[1, -2, 0, 3]], [1, 4], 'int32');
      const flags = tf.tensor2d([[1, 0, 0, 1]], [1, 4], 'bool');
      if (name === 'linear') {
        expect(call(whole)).toBe(whole);
      } else {
        for (const x of [whole, flags]) {
          const value = call(x);
          expect(value.dtype, name).toBe('float32');
          const expected = tf.tidy(() => call(tf.cast(x, 'float32')).dataSync());
          expect(firstDifference(value, expected), name).toBeNull();
          value.dispose();
        }
      }
      tf.dispose([whole, flags]);
      expect(tf.memory().numTensors, name).toBe(before);
    }
  });

  it('leaves no tensor behind, forward or backward', () => {
    const calls: [string, (x: tf.Tensor) => tf.Tensor][] = [
      ...golden.elementwise.map((row): [string, (x: tf.Tensor) => tf.Tensor] => [
        row.name,
        withOptions(row.name, row.options),
      ]),
      ...['softmax', 'logSoftmax', 'sparsemax', 'glu'].flatMap((name): [string, (x: tf.Tensor) => tf.Tensor][] => [
        [name, (x) => activations[name]!(x)],
        [name, (x) => activations[name]!(x, { axis: 0 })],
      ]),
    ];
    const x = tf.tensor2d([-3, -1.3, -0.2, 0.4, 0.9, 2, 7, 8], [2, 4]);
    const before = tf.memory().numTensors;
    for (const [name, f] of calls) {
      for (let round = 0; round < 3; round++) {
        const value = f(x);
        if (value !== x) value.dispose();
        tf.grad((input: tf.Tensor) => tf.mul(f(input), 2))(x).dispose();
      }
      expect(tf.memory().numTensors, name).toBe(before);
    }
    x.dispose();
  });

  it.each([
    'relu',
    'leakyRelu',
    'relu6',
    'sigmoid',
    'tanh',
    'elu',
    'selu',
    'softplus',
    'exponential',
    'hardTanh',
    'softmax',
  ])('%s is one kernel', async (name) => {
    const x = tf.tensor2d([
      [1, -2],
      [3, 4],
    ]);
    const { kernels } = await tf.profile(() => activations[name]!(x));
    expect(kernels.map((kernel) => kernel.name)).toHaveLength(1);
    x.dispose();
  });
});

it('has the thirty activations of Keras 3 and two second names', () => {
  const tested = new Set([...golden.elementwise, ...golden.vector].map((row) => row.name));
  expect(tested.size).toBe(30);
  expect(Object.keys(activations).sort()).toEqual([...tested, 'swish', 'hardSwish'].sort());
});
