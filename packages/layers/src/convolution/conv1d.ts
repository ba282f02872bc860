import { conv } from '../internal/conv.js';
import type { Layer } from '../layer.js';
import type { ConvOptions, EachDimension } from './convolution-options.js';

/**
 * A convolution of steps: `y[p, f] = activation(sum over t and c of x[p stride + t dilation - before, c] kernel[t, c, f] + bias[f])`; with padding `'causal'` no output sees a later step.
 *
 * Input `[batch, steps, channels]`, output the same form with `filters` channels; kernel `[...kernelSize, channels / groups, filters]`, bias `[filters]`. A size becomes
 * `floor((size - reach) / stride) + 1` with `reach = (window - 1) dilation + 1`, and `ceil(size / stride)` with padding. As Keras' Conv1D, LoRA aside. Throws
 * `GS_LAYER_SHAPE` where the output would be empty or the channels are unknown or not a multiple of `groups`, `GS_OPTION_VALUE` for strides and dilations
 * that are both above 1.
 */
export function conv1d(filters: number, kernelSize: EachDimension<1>, options: ConvOptions<1> = {}): Layer {
  return conv(1, filters, kernelSize, options);
}
