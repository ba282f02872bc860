import '@tensorflow/tfjs-backend-cpu';
import { registerGradients } from '@gradstream/autodiff';
import { checkLayer, outputOf, type CheckedLayer } from '@gradstream/testing';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';

beforeAll(async () => {
  await tf.setBackend('cpu');
  registerGradients();
});

/** Scales by a weight; gives the input and twice of it as well where `both` is set. */
const scale = (factor = 1, both = false): CheckedLayer<null> => ({
  build: ([shape]) => ({
    outputShape: shape!,
    ...(both ? { outputShapes: [shape!, shape!] } : {}),
    weights: [{ name: 'scale', shape: [1] }],
  }),
  call: ({ scale: weight }, [x]) => {
    const y = tf.mul(tf.mul(x!, weight!), factor);
    return both ? [y, tf.mul(x!, 2)] : y;
  },
  toConfig: () => ({ factor }),
});

const check = { inputs: [tf.tensor2d([[1, 2, 3]])], weight: () => tf.tensor1d([2]), context: null };

it('takes layers that keep what they say', () => {
  checkLayer(scale(3), { ...check, restore: ({ factor }: { factor: number }) => scale(factor) });
  checkLayer(scale(1, true), check);
});

it('refuses layers that do not', () => {
  const wrong: readonly [CheckedLayer<null>, RegExp][] = [
    [{ ...scale(), build: () => ({ outputShape: [1, 4], weights: [] }) }, /batch is 1/],
    [
      { ...scale(), build: ([shape]) => ({ ...scale().build([shape!], ''), outputShape: [shape![0]!, 4] }) },
      /inferred/,
    ],
    [{ ...scale(), call: ({ scale: weight }, [x]) => tf.mul(x!, tf.keep(tf.mul(weight!, 2))) }, /left/],
    [{ ...scale(), call: (_, [x]) => tf.mul(x!, 2) }, /gradient|Cannot compute/],
  ];
  for (const [layer, message] of wrong) expect(() => checkLayer(layer, check)).toThrow(message);
  expect(() => checkLayer(scale(3), { ...check, restore: () => scale(4) })).toThrow(/came back/);
  expect(() =>
    checkLayer(scale(3), { ...check, restore: () => ({ ...scale(4), toConfig: () => ({ factor: 3 }) }) }),
  ).toThrow(/other numbers/);
});

it('gives the only output, or says how many there are', () => {
  const x = tf.scalar(1);
  expect(outputOf(x)).toBe(x);
  expect(outputOf([x])).toBe(x);
  expect(() => outputOf([x, x])).toThrow(/2 outputs/);
});
