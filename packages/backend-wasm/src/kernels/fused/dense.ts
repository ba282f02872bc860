import type { TensorInfo } from '@tensorflow/tfjs-core';
import { Activation, Unary } from '../../internal/codes.js';
import { applyUnary } from '../elementwise/unary.js';
import type { Kernel } from '../kernel.js';
import { input, isFloat, sizeOf } from './operands.js';

/** The activations that follow a product, beside linear and relu, which the product itself does. */
const activations: Readonly<Record<string, Unary>> = {
  relu6: Unary.Relu6,
  sigmoid: Unary.Sigmoid,
  tanh: Unary.Tanh,
  elu: Unary.Elu,
};

/** The activations whose slope is taken from their result. */
const slopes: Readonly<Record<string, Activation>> = {
  relu: Activation.Relu,
  relu6: Activation.Relu6,
  sigmoid: Activation.Sigmoid,
  tanh: Activation.Tanh,
  elu: Activation.Elu,
};

/**
 * A dense layer, and the slope of its activation.
 *
 * `GradstreamDense`: inputs `x` [n, inputs], `kernel` [inputs, units], perhaps `bias` [units]; attribute `activation`; output [n, units].
 * `GradstreamActivationGradient`: inputs `dy` and `y` of one shape; attribute `activation`; output of their shape.
 */
export const denseKernels: readonly Kernel[] = [
  {
    name: 'GradstreamDense',
    run: (call) => {
      const [x, kernel, bias] = [input(call, 'x'), input(call, 'kernel'), input(call, 'bias')];
      const activation = (call.attrs['activation'] ?? 'linear') as string;
      if (!isFloat(x) || !isFloat(kernel) || x.shape.length !== 2 || x.shape[1] !== kernel.shape[0]) return undefined;
      const [m, k, n] = [x.shape[0]!, x.shape[1]!, kernel.shape[1]!];
      if (kernel.shape.length !== 2 || (bias !== undefined && !isFloat(bias, [n]))) return undefined;
      if (activation !== 'linear' && activation !== 'relu' && !Object.hasOwn(activations, activation)) return undefined;
      const { backend } = call;
      const out = backend.output([m, n], 'float32');
      const at = [backend.address(x), backend.address(kernel), backend.address(out)] as const;
      const biasAt = bias === undefined ? 0 : backend.address(bias);
      const { wasm } = backend.runtime;
      const scratch = backend.scratch(wasm.gemmScratch(1, m, n, k, 0) >>> 0);
      wasm.gemm(...at, 1, 0, 0, m, n, k, 0, 0, biasAt, Number(activation === 'relu'), scratch);
      const code = activations[activation];
      if (code !== undefined) applyUnary(backend, code, out, out);
      return out;
    },
  },
  {
    name: 'GradstreamActivationGradient',
    run: (call) => {
      const [dy, y] = [input(call, 'dy'), input(call, 'y')];
      const activation = call.attrs['activation'] as string;
      if (!isFloat(dy) || !isFloat(y, dy.shape) || !Object.hasOwn(slopes, activation)) return undefined;
      const { backend } = call;
      const dx: TensorInfo = backend.output(dy.shape, 'float32');
      const at = [backend.address(dy), backend.address(y), backend.address(dx)] as const;
      backend.runtime.wasm.activationGradient(slopes[activation]!, ...at, sizeOf(dy));
      return dx;
    },
  },
];
