import type { TensorInfo } from '@tensorflow/tfjs-core';
import { Activation } from '../../internal/codes.js';
import type { Kernel } from '../kernel.js';
import { input, isFloat, sizeOf } from './operands.js';

/** The activations whose slope is taken from their result. */
const slopes: Readonly<Record<string, Activation>> = {
  relu: Activation.Relu,
  relu6: Activation.Relu6,
  sigmoid: Activation.Sigmoid,
  tanh: Activation.Tanh,
  elu: Activation.Elu,
};

/** `GradstreamActivationGradient`: inputs `dy` and `y` of one shape; attribute `activation`; output `dy` times the activation's slope at its result `y`. */
export const activationGradientKernels: readonly Kernel[] = [
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
