import { separableConv } from '../internal/separable-conv.js';
import type { Layer } from '../layer.js';
import type { EachDimension, SeparableConvOptions } from './convolution-options.js';

/**
 * A convolution of steps in two steps: each channel by itself (`depthwiseConv1d` without bias), then a mix of the channels at each place
 * (`conv1d` with a window of 1).
 *
 * Input `[batch, steps, channels]`, output the same form with `filters` channels; weights `depthwise_kernel` `[...kernelSize, channels, depthMultiplier]`,
 * `pointwise_kernel` `[1, channels * depthMultiplier, filters]` and `bias` `[filters]`; sizes as for `conv1d`. As Keras' SeparableConv1D. Throws
 * `GS_LAYER_SHAPE` where the output would be empty or the channels are unknown.
 */
export function separableConv1d(
  filters: number,
  kernelSize: EachDimension<1>,
  options: SeparableConvOptions<1> = {},
): Layer {
  return separableConv(1, filters, kernelSize, options);
}
