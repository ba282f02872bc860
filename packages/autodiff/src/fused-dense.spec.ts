import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import { expectAllClose, gradientCheck, kernelCounts, withKernel, withoutKernel } from '@gradstream/testing';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, describe, expect, it } from 'vitest';
import { fusedDense } from './fused-dense.js';
import { FUSED_ACTIVATIONS, type FusedActivation } from './internal/activation-gradient.js';
import { registerGradients } from './register-gradients.js';
import { valueAndGradients } from './value-and-gradients.js';

await tf.setBackend('cpu');
registerGradients();

const numbers = (shape: number[], scale = 1): tf.Tensor => {
  const size = tf.util.sizeFromShape(shape);
  return tf.tensor(
    Float32Array.from({ length: size }, (_, i) => scale * Math.sin(i * 1.7 + 0.4)),
    shape,
  );
};
const plain = (
  x: tf.Tensor,
  kernel: tf.Tensor,
  bias: tf.Tensor | undefined,
  activation: FusedActivation,
): tf.Tensor => {
  const product = tf.reshape(tf.matMul(tf.reshape(x, [-1, x.shape.at(-1)!]), kernel), [
    ...x.shape.slice(0, -1),
    kernel.shape[1]!,
  ]);
  const sum = bias === undefined ? product : tf.add(product, bias);
  return activation === 'linear' ? sum : tf[activation](sum);
};
const variants = FUSED_ACTIVATIONS.flatMap((activation) => [
  { activation, shape: [4, 3], withBias: true },
  { activation, shape: [4, 3], withBias: false },
  { activation, shape: [2, 2, 3], withBias: true },
]);

describe('fusedDense', () => {
  afterEach(() => tf.setBackend('cpu'));

  describe.each(['cpu', 'wasm'])('on %s', (backend) => {
    it.each(variants)(
      'gives what single ops give: $activation, $shape, bias $withBias',
      async ({ activation, shape, withBias }) => {
        await tf.setBackend(backend);
        const [x, kernel, bias] = [numbers(shape, 3), numbers([3, 5], 2), withBias ? numbers([5]) : undefined];
        const before = tf.memory().numTensors;
        const result = fusedDense({ x, kernel, bias, activation });
        expect(tf.memory().numTensors).toBe(before + 1);
        expect(result.shape).toEqual([...shape.slice(0, -1), 5]);
        expectAllClose(result, plain(x, kernel, bias, activation), { absolute: 1e-5, relative: 1e-4 });
      },
    );

    it('adds the bias once to long rows of a batch', async () => {
      await tf.setBackend(backend);
      const [x, kernel, bias] = [tf.ones([2, 2, 100]), tf.ones([100, 2]), tf.tensor1d([7, -200])];
      expectAllClose(fusedDense({ x, kernel, bias, activation: 'relu' }), [107, 0, 107, 0, 107, 0, 107, 0]);
    });
  });

  it.each(variants)(
    'has the right gradient: $activation, $shape, bias $withBias',
    ({ activation, shape, withBias }) => {
      const f = (x: tf.Tensor, kernel: tf.Tensor, bias?: tf.Tensor): tf.Tensor =>
        fusedDense({ x, kernel, bias, activation });
      gradientCheck(f, [numbers(shape), numbers([3, 2]), ...(withBias ? [tf.tensor1d([0.3, -0.2])] : [])], {
        step: 1 / 128,
      });
    },
  );

  it.each(FUSED_ACTIVATIONS)('has the right second derivative: %s', (activation) => {
    const f = (x: tf.Tensor, kernel: tf.Tensor, bias: tf.Tensor): tf.Tensor => {
      const gradients = tf.grads((x, kernel, bias) => tf.square(fusedDense({ x, kernel, bias, activation })))([
        x,
        kernel,
        bias,
      ]);
      return tf.concat(gradients.map((gradient) => tf.reshape(gradient, [-1])));
    };
    gradientCheck(f, [numbers([2, 3]), numbers([3, 2]), tf.tensor1d([0.3, -0.2])], {
      step: 1 / 128,
      tolerance: { absolute: 2e-3, relative: 2e-3 },
    });
  });

  it('works the same where there is no _FusedMatMul', () =>
    withoutKernel('_FusedMatMul', 'cpu', () => {
      const [x, kernel, bias] = [numbers([4, 3]), numbers([3, 5]), numbers([5])];
      for (const activation of FUSED_ACTIVATIONS)
        expectAllClose(fusedDense({ x, kernel, bias, activation }), plain(x, kernel, bias, activation));
      gradientCheck(
        (x, kernel, bias) => fusedDense({ x, kernel, bias: bias!, activation: 'relu' }),
        [x, kernel, bias],
        { step: 1 / 256 },
      );
    }));

  it('takes whole numbers as input', () => {
    const x = tf.tensor2d([[1, 2]], [1, 2], 'int32');
    expectAllClose(fusedDense({ x, kernel: tf.ones([2, 1]) }), [3]);
  });

  it('computes the gradients that are wanted and no others', async () => {
    const x = numbers([4, 3]);
    const kernel = tf.variable(numbers([3, 2]));
    const bias = tf.variable(tf.zeros([2]));
    const count = (variables: Record<string, tf.Variable>): Promise<Record<string, number>> =>
      kernelCounts(() =>
        tf.tidy(
          () => void valueAndGradients(() => tf.sum(fusedDense({ x, kernel, bias, activation: 'relu' })), variables),
        ),
      );
    // One product for the kernel's gradient, one row of ones for the bias', none for the input's.
    expect(await count({ kernel, bias })).toMatchObject({ _FusedMatMul: 1, Step: 1, BatchMatMul: 2 });
    expect(await count({ kernel })).toMatchObject({ _FusedMatMul: 1, Step: 1, BatchMatMul: 1 });
    expect(await count({ bias })).toMatchObject({ _FusedMatMul: 1, Step: 1, BatchMatMul: 1 });
    tf.dispose([kernel, bias]);
  });

  it('leaves no tensors behind', () => {
    const x = numbers([4, 3]);
    const kernel = tf.variable(numbers([3, 2]));
    const bias = tf.variable(tf.zeros([2]));
    const before = tf.memory().numTensors;
    for (let step = 0; step < 3; step++) {
      const { value, gradients } = valueAndGradients(() => tf.sum(fusedDense({ x, kernel, bias, activation: 'elu' })), {
        kernel,
        bias,
      });
      tf.dispose([value, gradients]);
      expect(tf.memory().numTensors).toBe(before);
    }
    tf.dispose([kernel, bias]);
  });

  it("runs the backend's own kernels where there are any", async () => {
    const seen: unknown[] = [];
    const dense: tf.KernelConfig = {
      kernelName: 'GradstreamDense',
      backendName: 'cpu',
      kernelFunc: ({ inputs, attrs }) => {
        seen.push(Object.keys(inputs), inputs['x']!.shape, attrs);
        const { x, kernel, bias } = inputs as Record<string, tf.Tensor>;
        return tf.tidy(() => plain(x!, kernel!, bias, attrs!['activation'] as FusedActivation));
      },
    };
    const slope: tf.KernelConfig = {
      kernelName: 'GradstreamActivationGradient',
      backendName: 'cpu',
      kernelFunc: ({ inputs, attrs }) => {
        seen.push(Object.keys(inputs), attrs);
        const { dy, y } = inputs as Record<string, tf.Tensor>;
        return tf.tidy(() => tf.mul(dy!, tf.sub(1, tf.square(y!))));
      },
    };
    const f = (x: tf.Tensor, kernel: tf.Tensor, bias: tf.Tensor): tf.Tensor =>
      fusedDense({ x, kernel, bias, activation: 'tanh' });
    await withKernel(dense, () =>
      withKernel(slope, () => {
        const operands: [tf.Tensor, tf.Tensor, tf.Tensor] = [numbers([2, 1, 3]), numbers([3, 2]), numbers([2])];
        tf.grads(f)(operands);
        expect(seen).toEqual([
          ['x', 'kernel', 'bias'],
          [2, 3],
          { activation: 'tanh' },
          ['dy', 'y'],
          { activation: 'tanh' },
        ]);
        gradientCheck(f, operands);
        const squares = (...inputs: tf.Tensor[]): tf.Tensor =>
          tf.reshape(tf.grads((...moved) => tf.square(f(...(moved as typeof operands))))(inputs)[1]!, [-1]);
        gradientCheck(squares, operands, { tolerance: { absolute: 2e-3, relative: 2e-3 } });
      }),
    );
  });

  const kernel = tf.ones([3, 2]);
  it.each([
    [
      'an input of another width',
      () => fusedDense({ x: tf.ones([2, 4]), kernel }),
      'GS_AUTODIFF_SHAPE',
      'received [2, 4], [3, 2]',
    ],
    [
      'an input without a batch',
      () => fusedDense({ x: tf.ones([3]), kernel }),
      'GS_AUTODIFF_SHAPE',
      'received [3], [3, 2]',
    ],
    [
      'weights of three dimensions',
      () => fusedDense({ x: tf.ones([2, 3]), kernel: tf.ones([1, 3, 2]) }),
      'GS_AUTODIFF_SHAPE',
      '[1, 3, 2]',
    ],
    [
      'a bias of another width',
      () => fusedDense({ x: tf.ones([2, 3]), kernel, bias: tf.ones([3]) }),
      'GS_AUTODIFF_SHAPE',
      '[2, 3], [3, 2], [3]',
    ],
    [
      'an activation it does not know',
      () => fusedDense({ x: tf.ones([2, 3]), kernel, activation: 'rely' as 'relu' }),
      'GS_OPTION_VALUE',
      '"relu"',
    ],
  ])('refuses %s', (_, call, code, text) => {
    expect(call).toThrow(expect.objectContaining({ code, message: expect.stringContaining(text) }));
  });
});
