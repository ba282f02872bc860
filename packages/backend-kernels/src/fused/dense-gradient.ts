import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Kernel, OutputBackend } from '../kernel.js';
import { isSloped } from './activation-gradient.js';
import { input, isFloat } from './operands.js';

/** What a dense layer's gradients are computed from. `y`, the result, is there where the activation is not `linear`. */
export interface DenseGradient {
  readonly dy: TensorInfo;
  readonly x: TensorInfo;
  readonly kernel: TensorInfo;
  readonly y: TensorInfo | undefined;
  readonly activation: string;
  /** Which gradients are wanted, `x`, `kernel` or `bias`, one for each output. */
  readonly wanted: readonly string[];
  readonly sizes: readonly [rows: number, inputs: number, units: number];
}

/**
 * `GradstreamDenseGradient`: the gradients of `activation(x kernel + bias)`, float32, in one call.
 *
 * Inputs `dy` [n, units], `x` [n, inputs], `kernel` [inputs, units], and the result `y` [n, units] where the activation is not linear. Attributes `activation`
 * and `wanted`, a list of `x`, `kernel` and `bias`. Outputs: the wanted gradients in that order, which `write` writes.
 */
export function denseGradientKernels<B extends OutputBackend>(
  write: (backend: B, operands: DenseGradient, outputs: readonly TensorInfo[]) => void,
): readonly Kernel<B>[] {
  return [
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
        const shapes: Readonly<Record<string, number[]>> = {
          x: [rows, inputs],
          kernel: [inputs, units],
          bias: [units],
        };
        const outputs = wanted.map((name) => backend.output(shapes[name]!, 'float32'));
        write(backend, { dy, x, kernel, y, activation, wanted, sizes: [rows, inputs, units] }, outputs);
        return outputs;
      },
    },
  ];
}
