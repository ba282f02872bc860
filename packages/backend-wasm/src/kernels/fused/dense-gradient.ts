import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Kernel } from '../kernel.js';
import { multiply } from '../matrix-product.js';
import { isSloped, writeActivationGradient } from './activation-gradient.js';
import { input, isFloat } from './operands.js';

/**
 * `GradstreamDenseGradient`: the gradients of `activation(x kernel + bias)`, float32, in one call.
 *
 * Inputs `dy` [n, units], `x` [n, inputs], `kernel` [inputs, units], and the result `y` [n, units] where the activation is not linear. Attributes `activation`
 * and `wanted`, a list of `x`, `kernel` and `bias`. Outputs: the wanted gradients in that order. The bits are those of single kernels: the slope times `dy`,
 * products with a transposed operand, a sum over rows.
 */
export const denseGradientKernels: readonly Kernel[] = [
  {
    name: 'GradstreamDenseGradient',
    run: (call) => {
      const [dy, x, kernel, y] = [input(call, 'dy'), input(call, 'x'), input(call, 'kernel'), input(call, 'y')];
      const activation = call.attrs['activation'] as string;
      const wanted = call.attrs['wanted'] as unknown as readonly string[];
      if (!isFloat(dy) || !isFloat(x) || !isFloat(kernel) || x.shape.length !== 2 || kernel.shape.length !== 2)
        return undefined;
      const [rows, inputs] = x.shape as [number, number];
      const units = kernel.shape[1]!;
      if (kernel.shape[0] !== inputs || !isFloat(dy, [rows, units])) return undefined;
      if (activation !== 'linear' && (!isFloat(y, dy.shape) || !isSloped(activation))) return undefined;
      const { backend } = call;
      // While a step is recorded, what it works in is the recording's own: nobody else may get it between two replays.
      const { blocks, wasm } = backend.runtime;
      const bytes = rows * units * 4;
      let dz = backend.address(dy);
      // Inputs that are brought in and outputs that are made first: what they allocate may move no block, but it may fail.
      const at = { x: backend.address(x), kernel: backend.address(kernel) };
      const shapes: Readonly<Record<string, number[]>> = { x: [rows, inputs], kernel: [inputs, units], bias: [units] };
      const outputs = wanted.map((name): TensorInfo => backend.output(shapes[name]!, 'float32'));
      const own = activation !== 'linear' && bytes > 0 ? blocks.allocate(bytes) : 0;
      if (own > 0) {
        writeActivationGradient(backend, activation, dz, backend.address(y!), own, dy.shape);
        dz = own;
      }
      for (const [index, name] of wanted.entries()) {
        const out = backend.address(outputs[index]!);
        if (name === 'x') multiply(backend, { a: dz, b: at.kernel, c: out }, [rows, inputs, units], false, true);
        else if (name === 'kernel') multiply(backend, { a: at.x, b: dz, c: out }, [inputs, units, rows], true, false);
        else wasm.columnSums(dz, out, rows, units);
      }
      if (own > 0) blocks.free(own, bytes);
      return outputs;
    },
  },
];
