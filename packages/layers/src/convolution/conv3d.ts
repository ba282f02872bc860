import { conv } from '../internal/conv.js';
import type { Layer } from '../layer.js';
import type { ConvOptions, EachDimension } from './convolution-options.js';

/**
 * A convolution of volumes: `y[p, f] = activation(sum over taps t and channels c of x[p strides + t dilations - before, c] kernel[t, c, f] + bias[f])`.
 *
 * Input `[batch, depth, height, width, channels]`, output the same form with `filters` channels; kernel `[...kernelSize, channels / groups, filters]`, bias `[filters]`. A size becomes
 * `floor((size - reach) / stride) + 1` with `reach = (window - 1) dilation + 1`, and `ceil(size / stride)` with padding. As Keras' Conv3D, LoRA aside. Throws
 * `GS_LAYER_SHAPE` where the output would be empty or the channels are unknown or not a multiple of `groups`, `GS_OPTION_VALUE` for strides and dilations
 * that are both above 1.
 */
export function conv3d(filters: number, kernelSize: EachDimension<3>, options: ConvOptions<3> = {}): Layer {
  return conv(3, filters, kernelSize, options);
}
