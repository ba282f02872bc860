import '@tensorflow/tfjs-backend-cpu';
import { expectAllClose, gradientCheck, kernelCounts, withKernel } from '@gradstream/testing';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { fusedBatchNorm } from './fused-batch-norm.js';
import { fusedLayerNorm } from './fused-layer-norm.js';
import type { NormalizationOperands } from './internal/normalization-operands.js';
import { registerGradients } from './register-gradients.js';

await tf.setBackend('cpu');
registerGradients();

const numbers = (shape: number[], phase = 0): tf.Tensor =>
  tf.tensor(
    Float32Array.from({ length: tf.util.sizeFromShape(shape) }, (_, i) => Math.sin(i * 1.7 + phase)),
    shape,
  );
const [gamma, beta] = [numbers([3], 1), numbers([3], 2)];
const operations: readonly (readonly [string, (operands: NormalizationOperands) => tf.Tensor, number[]])[] = [
  ['fusedLayerNorm', fusedLayerNorm, [-1]],
  ['fusedBatchNorm', (operands) => fusedBatchNorm(operands).y, [0, 1]],
];

/** Kernels as their documentation says, for tests: they run the plain ones, and count. */
const kernels = (layer: boolean, seen: string[]): tf.KernelConfig[] => {
  const axes = layer ? [1] : [0];
  const rows = (x: tf.Tensor): tf.Tensor => tf.reshape(x, [-1, x.shape.at(-1)!]);
  const normal = (x: tf.Tensor, epsilon: number): [tf.Tensor, tf.Tensor, tf.Tensor] => {
    const { mean, variance } = tf.moments(rows(x), axes, true);
    const inverse = tf.rsqrt(tf.add(variance, epsilon));
    const flat = (one: tf.Tensor): tf.Tensor => tf.reshape(one, [-1]);
    return [tf.mul(tf.sub(rows(x), mean), inverse), flat(mean), flat(layer ? inverse : variance)];
  };
  const name = layer ? 'GradstreamLayerNorm' : 'GradstreamBatchNorm';
  return [
    {
      kernelName: name,
      backendName: 'cpu',
      kernelFunc: ({ inputs, attrs }) => {
        seen.push(name);
        const { x, gamma: factor, beta: offset, movingMean, movingVariance } = inputs as Record<string, tf.Tensor>;
        return tf.tidy(() => {
          const [y, mean, other] = normal(x!, attrs!['epsilon'] as number);
          const normalized = tf.reshape(tf.add(tf.mul(y, factor ?? 1), offset ?? 0), x!.shape);
          if (movingMean === undefined) return [normalized, mean, other];
          const kept = attrs!['momentum'] as number;
          const moved = [movingMean, movingVariance!].map((before, at) =>
            tf.add(tf.mul(before, kept), tf.mul([mean, other][at]!, 1 - kept)),
          );
          return [normalized, mean, other, ...moved];
        });
      },
    },
    {
      kernelName: `${name}Gradient`,
      backendName: 'cpu',
      kernelFunc: ({ inputs, attrs }) => {
        seen.push(`${name}Gradient`);
        const { dy, x, gamma: factor, mean, inverse, variance } = inputs as Record<string, tf.Tensor>;
        return tf.tidy(() => {
          const across = (one: tf.Tensor): tf.Tensor => tf.reshape(one, layer ? [-1, 1] : [1, -1]);
          const scale = across(layer ? inverse! : tf.rsqrt(tf.add(variance!, attrs!['epsilon'] as number)));
          const y = tf.mul(tf.sub(rows(x!), across(mean!)), scale);
          const g = tf.mul(rows(dy!), factor ?? 1);
          const mean2 = (one: tf.Tensor): tf.Tensor => tf.mean(one, axes, true);
          const dx = tf.mul(scale, tf.sub(tf.sub(g, mean2(g)), tf.mul(y, mean2(tf.mul(g, y)))));
          return [tf.reshape(dx, x!.shape), tf.sum(tf.mul(rows(dy!), y), 0), tf.sum(rows(dy!), 0)];
        });
      },
    },
  ];
};

describe.each(operations)('%s', (_, run, axes) => {
  const x = numbers([2, 4, 3]);
  const variants: readonly [string, NormalizationOperands][] = [
    ['alone', { x }],
    ['with gamma', { x, gamma }],
    ['with beta', { x, beta }],
    ['with both and another epsilon', { x, gamma, beta, epsilon: 0.1 }],
  ];

  it.each(variants)('normalizes, plainly and by kernels: %s', async (_name, operands) => {
    const { epsilon = 0.001 } = operands;
    const { mean, variance } = tf.moments(x, axes, true);
    const normal = tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, epsilon)));
    const expected = tf.add(tf.mul(normal, operands.gamma ?? 1), operands.beta ?? 0);
    expectAllClose(run(operands), expected);
    const inputs = [x, operands.gamma ?? gamma, operands.beta ?? beta];
    const f = (...[own, factor, offset]: tf.Tensor[]): tf.Tensor =>
      run({
        x: own!,
        ...(operands.gamma && { gamma: factor }),
        ...(operands.beta && { beta: offset }),
        epsilon,
      });
    const given = inputs.flatMap((tensor, place) =>
      place === 0 || tensor === (place === 1 ? operands.gamma : operands.beta) ? [place] : [],
    );
    const check = (): void =>
      gradientCheck(f, inputs, { wanted: given, step: 1 / 64, tolerance: { absolute: 2e-3, relative: 2e-3 } });
    check();
    const seen: string[] = [];
    const [forward, backward] = kernels(axes.length === 1, seen);
    await withKernel(forward!, () =>
      withKernel(backward!, () => {
        expectAllClose(run(operands), expected);
        check();
        expect(new Set(seen)).toEqual(new Set([forward!.kernelName, backward!.kernelName]));
      }),
    );
  });

  it('is two kernels for a step where the backend has them, and has a second derivative', async () => {
    const [forward, backward] = kernels(axes.length === 1, []);
    const small = [numbers([2, 2, 3], 4), gamma, beta];
    const f = (...[own, factor, offset]: tf.Tensor[]): tf.Tensor => {
      const gradients = tf.grads((a, b, c) => tf.square(run({ x: a, gamma: b, beta: c, epsilon: 0.5 })))([
        own!,
        factor!,
        offset!,
      ]);
      return tf.concat(gradients.map((gradient) => tf.reshape(gradient, [-1])));
    };
    const options = { step: 1 / 64, tolerance: { absolute: 4e-3, relative: 4e-3 } };
    await withKernel(forward!, () =>
      withKernel(backward!, async () => {
        const counts = await kernelCounts(() =>
          tf.tidy(() => void tf.grads((a, b, c) => run({ x: a, gamma: b, beta: c }))(small, tf.ones([2, 2, 3]))),
        );
        expect(counts).toMatchObject({ [forward!.kernelName]: 1, [backward!.kernelName]: 1 });
        gradientCheck(f, small, options);
      }),
    );
    gradientCheck(f, small, options);
  });

  it('leaves no tensors behind', () => {
    const before = tf.memory().numTensors;
    tf.tidy(() => void tf.grad((a) => run({ x: a, gamma, beta }))(x));
    expect(tf.memory().numTensors).toBe(before);
  });

  it('takes whole numbers', () => {
    const whole = tf.tensor2d([1, 2, 3, 7, 5, 3], [2, 3], 'int32');
    expectAllClose(run({ x: whole }), run({ x: tf.cast(whole, 'float32') }));
  });

  it.each<[string, Partial<NormalizationOperands>, string]>([
    ['a gamma of another width', { gamma: tf.ones([4]) }, 'GS_AUTODIFF_SHAPE'],
    ['a beta of two dimensions', { beta: tf.ones([1, 3]) }, 'GS_AUTODIFF_SHAPE'],
    ['a single number', { x: tf.scalar(1) }, 'GS_AUTODIFF_SHAPE'],
    ['a negative epsilon', { epsilon: -1 }, 'GS_OPTION_VALUE'],
    ['a misspelt option', { eps: 1 } as never, 'GS_OPTION_UNKNOWN'],
  ])('refuses %s', (_name, change, code) => {
    expect(() => run({ x, ...change })).toThrow(expect.objectContaining({ code }));
  });
});

it('fusedBatchNorm gives the statistics, which are constants', () => {
  const x = numbers([5, 3]);
  const { mean, variance } = fusedBatchNorm({ x });
  const expected = tf.moments(x, [0]);
  expectAllClose(mean, expected.mean);
  expectAllClose(variance, expected.variance);
  const [gradient] = tf.grads((own) => {
    const result = fusedBatchNorm({ x: own });
    return tf.add(tf.sum(own), tf.sum(tf.mul(result.mean, result.variance)));
  })([x]);
  expectAllClose(gradient!, tf.ones([5, 3]));
});

describe('the running statistics of fusedBatchNorm', () => {
  const x = numbers([5, 3]);
  const moving = { mean: numbers([3], 3), variance: numbers([3], 4), momentum: 0.75 };
  const check = (): void => {
    const { mean, variance, moving: after } = fusedBatchNorm({ x, moving });
    expectAllClose(after!.mean, tf.add(tf.mul(moving.mean, 0.75), tf.mul(mean, 0.25)));
    expectAllClose(after!.variance, tf.add(tf.mul(moving.variance, 0.75), tf.mul(variance, 0.25)));
    const [gradient] = tf.grads((own) => {
      const result = fusedBatchNorm({ x: own, moving });
      return tf.add(tf.sum(own), tf.sum(tf.mul(result.moving!.mean, result.moving!.variance)));
    })([x]);
    expectAllClose(gradient!, tf.ones([5, 3]));
  };

  it('take their part of the batch, as constants, plainly and in the kernel', async () => {
    check();
    const seen: string[] = [];
    await withKernel(kernels(false, seen)[0]!, check);
    expect(seen.length).toBeGreaterThan(0);
    expect(fusedBatchNorm({ x }).moving).toBeUndefined();
  });

  it.each<[string, object, string]>([
    ['of another width', { ...moving, mean: tf.ones([4]) }, 'GS_AUTODIFF_SHAPE'],
    ['without a variance', { mean: moving.mean, momentum: 0.5 }, 'GS_AUTODIFF_SHAPE'],
    ['with a momentum above 1', { ...moving, momentum: 1.5 }, 'GS_OPTION_VALUE'],
    ['with a misspelt option', { ...moving, momenta: 1 }, 'GS_OPTION_UNKNOWN'],
  ])('are refused %s', (_name, wrong, code) => {
    expect(() => fusedBatchNorm({ x, moving: wrong as never })).toThrow(expect.objectContaining({ code }));
  });
});
