import { separableConv } from '../internal/separable-conv.js';
import type { Layer } from '../layer.js';
import type { EachDimension, SeparableConvOptions } from './convolution-options.js';

/**
 * A convolution of images in two steps: each channel by itself (`depthwiseConv2d` without bias), then a mix of the channels at each place
 * (`conv2d` with a window of 1).
 *
 * Input `[batch, height, width, channels]`, output the same form with `filters` channels; weights `depthwise_kernel` `[...kernelSize, channels, depthMultiplier]`,
 * `pointwise_kernel` `[1, 1, channels * depthMultiplier, filters]` and `bias` `[filters]`; sizes as for `conv2d`. As Keras' SeparableConv2D. Throws
 * `GS_LAYER_SHAPE` where the output would be empty or the channels are unknown.
 */
export function separableConv2d(
  filters: number,
  kernelSize: EachDimension<2>,
  options: SeparableConvOptions<2> = {},
): Layer {
  return separableConv(2, filters, kernelSize, options);
}
