import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { CudaBackend } from '../../cuda-backend.js';
import type { Address } from '../../driver/driver.js';
import { multiply } from '../gemm.js';
import type { Kernel } from '../kernel.js';
import { reduce } from '../reduction/reduce.js';
import { isSloped, writeActivationGradient } from './activation-gradient.js';
import { input, isFloat } from './operands.js';

/**
 * `GradstreamDenseGradient`: the gradients of `activation(x kernel + bias)`, float32, in one call.
 *
 * Inputs `dy` [n, units], `x` [n, inputs], `kernel` [inputs, units], and the result `y` [n, units] where the activation is not linear. Attributes `activation`
 * and `wanted`, a list of `x`, `kernel` and `bias`. Outputs: the wanted gradients in that order.
 */
export const denseGradientKernels: readonly Kernel[] = [
  {
    name: 'GradstreamDenseGradient',
    run: (call) => {
      const [dy, x, kernel, y] = ['dy', 'x', 'kernel', 'y'].map((name) => input(call, name));
      const activation = call.attrs['activation'] as string;
      const wanted = call.attrs['wanted'] as unknown as readonly string[];
      if (!isFloat(dy) || !isFloat(x) || !isFloat(kernel) || x.shape.length !== 2 || kernel.shape.length !== 2)
        return undefined;
      const [rows, inputs] = x.shape as [number, number];
      const units = kernel.shape[1]!;
      if (kernel.shape[0] !== inputs || !isFloat(dy, [rows, units])) return undefined;
      if (activation !== 'linear' && (!isFloat(y, dy.shape) || !isSloped(activation))) return undefined;
      const { backend } = call;
      const shapes: Readonly<Record<string, number[]>> = { x: [rows, inputs], kernel: [inputs, units], bias: [units] };
      const outputs = wanted.map((name): TensorInfo => backend.output(shapes[name]!, 'float32'));
      const at = { x: backend.address(x), kernel: backend.address(kernel) };
      const all = (dz: Address): void => {
        for (const [index, name] of wanted.entries())
          write(backend, name, dz, at, backend.address(outputs[index]!), [rows, inputs, units]);
      };
      if (activation === 'linear' || rows * units === 0) all(backend.address(dy));
      else
        backend.runtime.withScratch(rows * units * 4, (dz) => {
          writeActivationGradient(backend, activation, [backend.address(dy), backend.address(y!), dz], dy.shape);
          all(dz);
        });
      return outputs;
    },
  },
];

function write(
  backend: CudaBackend,
  name: string,
  dz: Address,
  at: { readonly x: Address; readonly kernel: Address },
  to: Address,
  [rows, inputs, units]: readonly [number, number, number],
): void {
  if (name === 'x') multiply(backend, { a: dz, b: at.kernel, c: to }, [rows, inputs, units], false, true);
  else if (name === 'kernel') multiply(backend, { a: at.x, b: dz, c: to }, [inputs, units, rows], true, false);
  else reduce(backend, 'float_Sum', dz, to, [1, rows, units]);
}
