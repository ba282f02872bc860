import { depthwiseConv } from '../internal/depthwise-conv.js';
import type { Layer } from '../layer.js';
import type { DepthwiseConvOptions, EachDimension } from './convolution-options.js';

/**
 * A convolution of each channel of images by itself:
 * `y[p, c m + i] = activation(sum over taps t of x[p strides + t dilations - before, c] kernel[t, c, i] + bias[c m + i])` with the multiplier m.
 *
 * Input `[batch, height, width, channels]`, output the same form with `channels * depthMultiplier` channels; kernel `[...kernelSize, channels, depthMultiplier]`; sizes as for
 * `conv2d`. As Keras' DepthwiseConv2D, strides and dilations above 1 together included, which Keras has not on every backend. Throws `GS_LAYER_SHAPE` where
 * the output would be empty or the channels are unknown.
 */
export function depthwiseConv2d(kernelSize: EachDimension<2>, options: DepthwiseConvOptions<2> = {}): Layer {
  return depthwiseConv(2, kernelSize, options);
}
