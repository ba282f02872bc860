import * as tf from '@tensorflow/tfjs-core';
import { dilatedConvolution, dilatedFilterGradient, dilatedInputGradient } from '../internal/dilated-convolution.js';
import { dilateFilter, pickTaps } from '../internal/dilated-filter.js';
import { runKernel } from '../internal/run-kernel.js';
import type { Thunks } from '../internal/run-operation.js';
import { kernelGradient, type GradientTable } from './gradient-table.js';

/** The three kernels of a convolution: it is linear in both operands, so each is a gradient of the others. */
interface Kernels {
  readonly forward: string;
  readonly backpropInput: string;
  readonly backpropFilter: string;
}

const DENSE: Kernels = {
  forward: tf.Conv2D,
  backpropInput: tf.Conv2DBackpropInput,
  backpropFilter: tf.Conv2DBackpropFilter,
};
const DEPTHWISE: Kernels = {
  forward: tf.DepthwiseConv2dNative,
  backpropInput: tf.DepthwiseConv2dNativeBackpropInput,
  backpropFilter: tf.DepthwiseConv2dNativeBackpropFilter,
};
const VOLUME: Kernels = {
  forward: tf.Conv3D,
  backpropInput: tf.Conv3DBackpropInputV2,
  backpropFilter: tf.Conv3DBackpropFilterV2,
};

/** Convolutions in two and three dimensions, dilated ones too, and the kernels of transposed ones. */
export const convolutionGradients: GradientTable = [DENSE, DEPTHWISE, VOLUME].flatMap(family);

/** The gradients of a two-dimensional convolution by its operands, for kernels that do more than convolve. */
export function convolutionThunks(
  kernel: 'dense' | 'depthwise',
  dy: tf.Tensor,
  [x, filter]: readonly [tf.Tensor, tf.Tensor],
  attributes: tf.NamedAttrMap,
): Thunks {
  return operandThunks(kernel === 'dense' ? DENSE : DEPTHWISE, dy, [x, filter], attributes);
}

function family(kernels: Kernels): GradientTable {
  const { forward, backpropInput, backpropFilter } = kernels;
  const convolve = (x: tf.Tensor, filter: tf.Tensor, attributes: tf.NamedAttrMap): tf.Tensor => {
    const ones = Array.from({ length: x.rank - 2 }, () => 1);
    return runKernel(forward, { x, filter }, { dilations: ones, ...attributes });
  };
  return [
    kernelGradient(forward, {
      inputs: ['x', 'filter'],
      gradient: (dy, [x, filter], attributes) => operandThunks(kernels, dy, [x!, filter!], attributes),
    }),
    kernelGradient(backpropInput, {
      inputs: ['dy', 'filter'],
      gradient: (g, [dy, filter], attributes) => ({
        dy: () => convolve(g, filter!, attributes),
        filter: () => toFilter(kernels, g, dy!, attributes, filter!.shape),
      }),
    }),
    kernelGradient(backpropFilter, {
      inputs: ['x', 'dy'],
      gradient: (g, [x, dy], attributes) => ({
        x: () => toInput(kernels, dy!, g, attributes, x!.shape),
        dy: () => convolve(x!, g, attributes),
      }),
    }),
  ];
}

function operandThunks(
  kernels: Kernels,
  dy: tf.Tensor,
  [x, filter]: readonly [tf.Tensor, tf.Tensor],
  attributes: tf.NamedAttrMap,
): Thunks {
  const rates = list(attributes['dilations'] as number | number[] | undefined, x.rank - 2);
  if (rates.every((rate) => rate === 1)) {
    return {
      x: () => toInput(kernels, dy, filter, attributes, x.shape),
      filter: () => toFilter(kernels, x, dy, attributes, filter.shape),
    };
  }
  // The gradient kernels do not know dilation: those of dense convolutions have no such attribute, and not every backend reads the one of the
  // depthwise kernels. Most dense convolutions do without them; the others run them with the filter spread out by zeros.
  const geometry = kernels === DENSE ? dilatedConvolution(x, filter, attributes) : undefined;
  if (geometry !== undefined) {
    return {
      x: () => dilatedInputGradient(geometry, dy, filter),
      filter: () => dilatedFilterGradient(geometry, x, dy, filter.shape),
    };
  }
  const plain = { ...attributes, dilations: rates.map(() => 1) };
  const reach = rates.map((rate, axis) => (filter.shape[axis]! - 1) * rate + 1);
  const spreadShape = [...reach, ...filter.shape.slice(-2)];
  return {
    x: () => toInput(kernels, dy, dilateFilter(filter, rates), plain, x.shape),
    filter: () => pickTaps(toFilter(kernels, x, dy, plain, spreadShape), rates, filter.shape),
  };
}

function toInput(
  { backpropInput }: Kernels,
  dy: tf.Tensor,
  filter: tf.Tensor,
  attributes: tf.NamedAttrMap,
  inputShape: number[],
): tf.Tensor {
  return runKernel(backpropInput, { dy, filter }, { ...attributes, inputShape });
}

function toFilter(
  { backpropFilter }: Kernels,
  x: tf.Tensor,
  dy: tf.Tensor,
  attributes: tf.NamedAttrMap,
  filterShape: number[],
): tf.Tensor {
  return runKernel(backpropFilter, { x, dy }, { ...attributes, filterShape });
}

const list = (value: number | number[] = 1, rank: number): number[] =>
  typeof value === 'number' ? Array.from({ length: rank }, () => value) : value;
