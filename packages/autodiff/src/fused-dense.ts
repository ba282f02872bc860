import { checkChoice, describeShape, GradstreamError } from '@gradstream/core';
import * as tf from '@tensorflow/tfjs-core';
import { activationGradient, FUSED_ACTIVATIONS, type FusedActivation } from './internal/activation-gradient.js';
import { alias } from './internal/alias.js';
import { hasKernel, runKernel } from './internal/run-kernel.js';
import { runOperation } from './internal/run-operation.js';
import { columnSum } from './internal/sum-to.js';

/** What `fusedDense` takes. */
export interface DenseOperands {
  /** The input: [..., inputs], at least two dimensions. */
  readonly x: tf.Tensor;
  /** The weights: [inputs, units]. */
  readonly kernel: tf.Tensor;
  /** One number a unit: [units]. None by default. */
  readonly bias?: tf.Tensor | undefined;
  /** Applied to each element of the result, softmax to each row. Default 'linear', which changes nothing. */
  readonly activation?: FusedActivation | undefined;
}

/** The backend kernel that does it all: inputs `x` [n, inputs], `kernel` and perhaps `bias`; attribute `activation`; output [n, units]. */
const DENSE_KERNEL = 'GradstreamDense';
/** The one that gives its gradients: inputs `dy`, `x`, `kernel`, `y`; attributes `activation`, `wanted`; an output for each wanted input. */
const GRADIENT_KERNEL = 'GradstreamDenseGradient';
const INPUTS: readonly string[] = ['x', 'kernel', 'bias'];

/**
 * A dense layer in one step: `activation(x kernel + bias)`, float32.
 *
 * Gives [..., units]. The activation's slope is taken from the result, the bias gradient is a column sum, and only the gradients that lead to a
 * wanted weight are computed: the first layer's input costs nothing. Runs the backend's kernels `GradstreamDense` and `GradstreamDenseGradient` where
 * there are any, else `_FusedMatMul`, else single kernels. Throws `GS_AUTODIFF_SHAPE` for shapes that do not fit and `GS_OPTION_VALUE` for another activation.
 */
export function fusedDense({ x, kernel, bias, activation = 'linear' }: DenseOperands): tf.Tensor {
  checkChoice('autodiff/fusedDense', 'activation', activation, FUSED_ACTIVATIONS);
  const units = checkShapes(x, kernel, bias);
  if (x.rank === 2 && x.dtype === 'float32') return dense(x, kernel, bias, activation);
  return tf.tidy(() => {
    const rows = tf.reshape(x.dtype === 'float32' ? x : tf.cast(x, 'float32'), [-1, kernel.shape[0]!]);
    return tf.reshape(dense(rows, kernel, bias, activation), [...x.shape.slice(0, -1), units]);
  });
}

function dense(x: tf.Tensor, kernel: tf.Tensor, bias: tf.Tensor | undefined, activation: FusedActivation): tf.Tensor {
  return runOperation({
    inputs: bias === undefined ? { x, kernel } : { x, kernel, bias },
    forward: (save) => {
      const y = forwardDense(x, kernel, bias, activation);
      save(activation === 'linear' ? [x, kernel] : [x, kernel, y]);
      return y;
    },
    backward: (dy, [x, kernel, y], wanted) => {
      if (wanted !== undefined && hasKernel(GRADIENT_KERNEL)) {
        const names = INPUTS.filter((name) => wanted.has(name));
        const inputs = activation === 'linear' ? { dy, x: x!, kernel: kernel! } : { dy, x: x!, kernel: kernel!, y: y! };
        const gradients = runKernel<tf.Tensor[]>(GRADIENT_KERNEL, inputs, { activation, wanted: names });
        const thunks: Record<string, () => tf.Tensor> = {};
        for (const [index, name] of names.entries()) thunks[name] = () => gradients[index]!;
        return thunks;
      }
      // Every gradient needs it, so it is made once, here, and lives until the backward pass ends.
      const dz = activation === 'linear' ? dy : activationGradient(activation, dy, y!);
      return {
        x: () => product(dz, kernel!, false, true),
        kernel: () => product(x!, dz, true, false),
        bias: () => alias(columnSum(dz, dz.shape[1]!), [dz.shape[1]!]),
      };
    },
  });
}

function forwardDense(
  x: tf.Tensor,
  kernel: tf.Tensor,
  bias: tf.Tensor | undefined,
  activation: FusedActivation,
): tf.Tensor {
  if (hasKernel(DENSE_KERNEL))
    return runKernel(DENSE_KERNEL, bias === undefined ? { x, kernel } : { x, kernel, bias }, { activation });
  const optional = bias === undefined ? {} : { bias };
  if (hasKernel(tf._FusedMatMul)) {
    const [rows, inputs] = x.shape as [number, number];
    const units = kernel.shape[1]!;
    // No backend fuses these.
    const apart = activation === 'tanh' || activation === 'softmax';
    const fused = apart ? 'linear' : activation;
    const operands = { a: alias(x, [1, rows, inputs]), b: alias(kernel, [1, inputs, units]), ...optional };
    const out = alias(
      runKernel(tf._FusedMatMul, operands, { transposeA: false, transposeB: false, activation: fused }),
      [rows, units],
    );
    return apart ? tf[activation](out) : out;
  }
  const sum = product(x, kernel, false, false);
  return applyActivation(bias === undefined ? sum : tf.add(sum, bias), activation);
}

function applyActivation(x: tf.Tensor, activation: FusedActivation): tf.Tensor {
  return activation === 'linear' ? x : tf[activation](x);
}

const product = (a: tf.Tensor, b: tf.Tensor, transposeA: boolean, transposeB: boolean): tf.Tensor =>
  runKernel(tf.BatchMatMul, { a, b }, { transposeA, transposeB });

/** Returns the number of units. */
function checkShapes(x: tf.Tensor, kernel: tf.Tensor, bias: tf.Tensor | undefined): number {
  const [inputs, units] = kernel.shape;
  const fits =
    kernel.rank === 2 &&
    x.rank >= 2 &&
    x.shape.at(-1) === inputs &&
    (bias === undefined || (bias.rank === 1 && bias.shape[0] === units));
  if (fits) return units!;
  const list = [x, kernel, ...(bias === undefined ? [] : [bias])].map((tensor) => describeShape(tensor.shape));
  throw new GradstreamError('GS_AUTODIFF_SHAPE', {
    where: 'autodiff/fusedDense',
    what: 'The shapes do not fit together',
    expected: 'x [..., inputs], kernel [inputs, units], bias [units]',
    received: list.join(', '),
    next: 'Flatten the input or build the weights for its last dimension.',
  });
}
