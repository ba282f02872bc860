import * as tf from '@tensorflow/tfjs-core';
import { dilateFilter, pickTaps } from '../internal/dilated-filter.js';
import { runKernel } from '../internal/run-kernel.js';
import { kernelGradient, type GradientTable } from './gradient-table.js';

/** The three kernels of a convolution: it is linear in both operands, so each is a gradient of the others. */
interface Kernels {
  readonly forward: string;
  readonly backpropInput: string;
  readonly backpropFilter: string;
}

/** Two-dimensional convolutions, dilated ones too, and the kernels of transposed ones. */
export const convolutionGradients: GradientTable = [
  ...family({ forward: tf.Conv2D, backpropInput: tf.Conv2DBackpropInput, backpropFilter: tf.Conv2DBackpropFilter }),
  ...family({
    forward: tf.DepthwiseConv2dNative,
    backpropInput: tf.DepthwiseConv2dNativeBackpropInput,
    backpropFilter: tf.DepthwiseConv2dNativeBackpropFilter,
  }),
];

function family({ forward, backpropInput, backpropFilter }: Kernels): GradientTable {
  const convolve = (x: tf.Tensor, filter: tf.Tensor, attributes: tf.NamedAttrMap): tf.Tensor =>
    runKernel(forward, { x, filter }, { dilations: [1, 1], ...attributes });

  const toInput = (dy: tf.Tensor, filter: tf.Tensor, attributes: tf.NamedAttrMap, inputShape: number[]): tf.Tensor =>
    runKernel(backpropInput, { dy, filter }, { ...attributes, inputShape });

  const toFilter = (x: tf.Tensor, dy: tf.Tensor, attributes: tf.NamedAttrMap, filterShape: number[]): tf.Tensor =>
    runKernel(backpropFilter, { x, dy }, { ...attributes, filterShape });

  return [
    kernelGradient(forward, {
      inputs: ['x', 'filter'],
      gradient: (dy, [x, filter], attributes) => {
        const [rate1, rate2] = pair(attributes['dilations'] as number | [number, number] | undefined);
        if (rate1 === 1 && rate2 === 1) {
          return {
            x: () => toInput(dy, filter!, attributes, x!.shape),
            filter: () => toFilter(x!, dy, attributes, filter!.shape),
          };
        }
        // The gradient kernels do not know dilation: Conv2D's have no such attribute, and not every backend reads the one of the depthwise kernels. So
        // they run with the filter spread out by zeros.
        const plain = { ...attributes, dilations: [1, 1] };
        const [height, width, channels, filters] = filter!.shape as [number, number, number, number];
        const spreadShape = [(height - 1) * rate1 + 1, (width - 1) * rate2 + 1, channels, filters];
        return {
          x: () => toInput(dy, dilateFilter(filter!, [rate1, rate2]), plain, x!.shape),
          filter: () => pickTaps(toFilter(x!, dy, plain, spreadShape), [rate1, rate2], filter!.shape),
        };
      },
    }),
    kernelGradient(backpropInput, {
      inputs: ['dy', 'filter'],
      gradient: (g, [dy, filter], attributes) => ({
        dy: () => convolve(g, filter!, attributes),
        filter: () => toFilter(g, dy!, attributes, filter!.shape),
      }),
    }),
    kernelGradient(backpropFilter, {
      inputs: ['x', 'dy'],
      gradient: (g, [x, dy], attributes) => ({
        x: () => toInput(dy!, g, attributes, x!.shape),
        dy: () => convolve(x!, g, attributes),
      }),
    }),
  ];
}

const pair = (value: number | [number, number] = 1): [number, number] =>
  typeof value === 'number' ? [value, value] : value;
