import { conv } from '../internal/conv.js';
import type { Layer } from '../layer.js';
import type { ConvOptions, EachDimension } from './convolution-options.js';

/**
 * A convolution of images: `y[p, f] = activation(sum over taps t and channels c of x[p strides + t dilations - before, c] kernel[t, c, f] + bias[f])`.
 *
 * Input `[batch, height, width, channels]`, output the same form with `filters` channels; kernel `[...kernelSize, channels / groups, filters]`, bias `[filters]`. A size becomes
 * `floor((size - reach) / stride) + 1` with `reach = (window - 1) dilation + 1`, and `ceil(size / stride)` with padding. As Keras' Conv2D, LoRA aside. Throws
 * `GS_LAYER_SHAPE` where the output would be empty or the channels are unknown or not a multiple of `groups`, `GS_OPTION_VALUE` for strides and dilations
 * that are both above 1.
 */
export function conv2d(filters: number, kernelSize: EachDimension<2>, options: ConvOptions<2> = {}): Layer {
  return conv(2, filters, kernelSize, options);
}
