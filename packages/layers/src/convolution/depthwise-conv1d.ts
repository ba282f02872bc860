import { depthwiseConv } from '../internal/depthwise-conv.js';
import type { Layer } from '../layer.js';
import type { DepthwiseConvOptions, EachDimension } from './convolution-options.js';

/**
 * A convolution of each channel of steps by itself:
 * `y[p, c m + i] = activation(sum over taps t of x[p strides + t dilations - before, c] kernel[t, c, i] + bias[c m + i])` with the multiplier m.
 *
 * Input `[batch, steps, channels]`, output the same form with `channels * depthMultiplier` channels; kernel `[...kernelSize, channels, depthMultiplier]`; sizes as for
 * `conv1d`. As Keras' DepthwiseConv1D, strides and dilations above 1 together included, which Keras has not on every backend. Throws `GS_LAYER_SHAPE` where
 * the output would be empty or the channels are unknown.
 */
export function depthwiseConv1d(kernelSize: EachDimension<1>, options: DepthwiseConvOptions<1> = {}): Layer {
  return depthwiseConv(1, kernelSize, options);
}
