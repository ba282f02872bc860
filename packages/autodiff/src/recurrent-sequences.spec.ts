import '@tensorflow/tfjs-backend-cpu';
import { expectAllClose, gradientCheck, kernelCounts } from '@gradstream/testing';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { gruSequence } from './gru-sequence.js';
import { lstmSequence } from './lstm-sequence.js';
import { registerGradients } from './register-gradients.js';
import { valueAndGradients } from './value-and-gradients.js';

beforeAll(async () => {
  await tf.setBackend('cpu');
  registerGradients();
});

const drawn = (shape: number[], seed: number, scale = 0.8): tf.Tensor =>
  tf.tensor(
    Float32Array.from({ length: tf.util.sizeFromShape(shape) }, (_, i) => scale * Math.sin(i * 1.7 + seed * 2.3)),
    shape,
  );
const [BATCH, STEPS, FEATURES, UNITS] = [2, 3, 2, 2];
const MASK = [
  [false, true, true],
  [true, false, true],
];

/** x, kernel, recurrent kernel, bias, h and, for an LSTM, c. */
const operands = (kind: 'lstm' | 'gru'): tf.Tensor[] => {
  const gates = kind === 'lstm' ? 4 : 3;
  return [
    drawn([BATCH, STEPS, FEATURES], 1),
    drawn([FEATURES, gates * UNITS], 2),
    drawn([UNITS, gates * UNITS], 3),
    kind === 'lstm' ? drawn([4 * UNITS], 4) : drawn([2, 3 * UNITS], 4),
    drawn([BATCH, UNITS], 5),
    ...(kind === 'lstm' ? [drawn([BATCH, UNITS], 6)] : []),
  ];
};

const fused =
  (kind: 'lstm' | 'gru', returnSequences: boolean, masked: boolean) =>
  (...[x, kernel, recurrentKernel, bias, h, c]: tf.Tensor[]): tf.Tensor => {
    const mask = masked ? tf.tensor2d(MASK, undefined, 'bool') : undefined;
    const given = { x: x!, kernel: kernel!, recurrentKernel: recurrentKernel!, bias, h, mask, returnSequences };
    if (kind === 'gru') return gruSequence(given);
    const result = lstmSequence({ ...given, c });
    return tf.concat([tf.reshape(result.h, [-1]), tf.reshape(result.c, [-1])]);
  };

describe.each(['lstm', 'gru'] as const)('%sSequence', (kind) => {
  describe.each([
    [false, false],
    [true, false],
    [false, true],
    [true, true],
  ])('of all states: %s, masked: %s', (sequences, masked) => {
    it('has the right gradients', () => gradientCheck(fused(kind, sequences, masked), operands(kind)));

    it('has the right second derivatives', () => {
      const f = (...inputs: tf.Tensor[]): tf.Tensor => {
        const first = tf.grads((...moved) => tf.square(fused(kind, sequences, masked)(...moved)))(inputs);
        return tf.concat(first.map((gradient) => tf.reshape(gradient, [-1])));
      };
      gradientCheck(f, operands(kind), { wanted: [1, 2, 4], tolerance: { absolute: 4e-3, relative: 4e-3 } });
    });
  });

  it('begins with zeros and does without a bias', () => {
    const [x, kernel, recurrentKernel] = operands(kind) as [tf.Tensor, tf.Tensor, tf.Tensor];
    const gates = kind === 'lstm' ? 4 : 3;
    const zeros = tf.zeros([BATCH, UNITS]);
    const bias = kind === 'lstm' ? tf.zeros([gates * UNITS]) : tf.zeros([2, gates * UNITS]);
    const f = fused(kind, true, false);
    const [all, few] = [f(x, kernel, recurrentKernel, bias, zeros, zeros), f(x, kernel, recurrentKernel)];
    expectAllClose(few, all, { absolute: 0, relative: 0 });
  });

  it('lets nothing through from masked steps', () => {
    const [x, ...rest] = operands(kind);
    const mask = tf.tensor2d(MASK, undefined, 'bool');
    const holes = tf.where(tf.expandDims(mask, -1), x!, tf.fill(x!.shape, Number.NaN));
    const f = fused(kind, true, true);
    expectAllClose(f(holes, ...rest), f(x!, ...rest), { absolute: 0, relative: 0 });
  });

  it('has one place on the tape: the weights cost one product each, and what is not wanted costs nothing', async () => {
    const [x, kernel, recurrentKernel, bias] = operands(kind) as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
    const weights = {
      kernel: tf.variable(kernel),
      recurrentKernel: tf.variable(recurrentKernel),
      bias: tf.variable(bias),
    };
    const before = tf.memory().numTensors;
    const counts = await kernelCounts(() => {
      const loss = (): tf.Scalar =>
        tf.sum(fused(kind, false, false)(x, weights.kernel, weights.recurrentKernel, weights.bias));
      const { value, gradients } = valueAndGradients(loss, weights);
      tf.dispose([value, gradients]);
    });
    // Forward 1 + a step each; backward a step each, then kernel, recurrent kernel and bias, which a GRU has two of.
    expect(counts['BatchMatMul']).toBe(1 + STEPS + STEPS + (kind === 'lstm' ? 3 : 4));
    expect(tf.memory().numTensors).toBe(before);
    tf.dispose(weights);
  });

  it.each([
    ['x of two dimensions', { x: tf.ones([2, 3]) }],
    ['no steps', { x: tf.zeros([2, 0, 2]) }],
    ['a kernel of another width', { kernel: tf.ones([3, 8]) }],
    ['a bias of another shape', { bias: tf.ones([7]) }],
    ['a state of another batch', { h: tf.ones([3, 2]) }],
    ['a mask of numbers', { mask: tf.ones([2, 3]) }],
    ['a mask of another length', { mask: tf.ones([2, 2], 'bool') }],
  ])('refuses %s', (_, changed) => {
    const [x, kernel, recurrentKernel, bias, h] = operands(kind) as [
      tf.Tensor,
      tf.Tensor,
      tf.Tensor,
      tf.Tensor,
      tf.Tensor,
    ];
    const given = { x, kernel, recurrentKernel, bias, h, ...changed };
    expect(() => (kind === 'lstm' ? lstmSequence(given) : gruSequence(given))).toThrow(
      expect.objectContaining({ code: 'GS_AUTODIFF_SHAPE' }),
    );
  });
});
