import { registerGradients } from '@gradstream/autodiff';
import { firstDifference } from '@gradstream/testing';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import golden from '../fixtures/activations.json' with { type: 'json' };
import * as exported from './index.js';

type AnyActivation = (x: tf.Tensor, ...rest: unknown[]) => tf.Tensor;

/** Every activation of this package by its exported name, second names included. */
const { activation: _lookup, activationName: _name, activationShape: _shape, ...rest } = exported;
const activations = rest as unknown as Record<string, AnyActivation>;

/** A call with options as an activation of one argument; threshold takes its two numbers in a row. */
function withOptions(name: string, options: Record<string, unknown>): (x: tf.Tensor) => tf.Tensor {
  const found = activations[name]!;
  if (name === 'threshold') return (x) => found(x, options.threshold, options.defaultValue);
  return Object.keys(options).length === 0 ? (x) => found(x) : (x) => found(x, options);
}

/** float32 keeps seven digits, and differences of numbers near 1 (as in 1 - tanh²) are only exact to some 1e-7. */
const TOLERANCE = { relative: 1e-5, absolute: 3e-7 };

/** Upstream gradients of both signs, none of them 1. */
const upstreamOf = (size: number): number[] => Array.from({ length: size }, (_, i) => Math.fround(1.5 - (i % 5) * 0.7));

beforeAll(() => registerGradients());

describe.each(['cpu', 'wasm'])('on %s, in the numbers of Keras', (backend) => {
  beforeAll(async () => {
    expect(await tf.setBackend(backend)).toBe(true);
  });

  it.each(golden.elementwise)('$name $options', ({ name, options, points, y, slope }) => {
    const f = withOptions(name, options);
    const numbers = golden.points[points as 'kinked' | 'smooth'];
    const upstream = upstreamOf(numbers.length);
    tf.tidy(() => {
      const x = tf.tensor1d(numbers);
      const value = f(x);
      expect(value.dtype).toBe('float32');
      expect(firstDifference(value, y.map(Math.fround), TOLERANCE)).toBeNull();
      // A factor of 1 stands between, since tfjs has no gradient of a function that only hands on its input, as linear does.
      const gradient = tf.grad((input: tf.Tensor) => f(tf.mul(input, 1)))(x, tf.tensor1d(upstream));
      const expected = slope.map((s, i) => Math.fround(s * upstream[i]!));
      expect(firstDifference(gradient, expected, TOLERANCE)).toBeNull();
    });
  });

  it.each(golden.vector)('$name of $shape along $axis, numbers up to $scale', (row) => {
    const f: (x: tf.Tensor) => tf.Tensor = (x) => activations[row.name]!(x, { axis: row.axis });
    tf.tidy(() => {
      const x = tf.tensor(row.x, row.shape);
      const value = f(x);
      expect(value.shape).toEqual(row.outShape);
      expect(firstDifference(value, row.y, TOLERANCE)).toBeNull();
      const gradient = tf.grad(f)(x, tf.tensor(row.upstream, row.outShape));
      expect(gradient.shape).toEqual(row.shape);
      expect(firstDifference(gradient, row.dx, TOLERANCE)).toBeNull();
    });
  });

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
