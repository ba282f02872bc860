import { convTranspose } from '../internal/conv-transpose.js';
import type { Layer } from '../layer.js';
import type { ConvTransposeOptions, EachDimension } from './convolution-options.js';

/**
 * A transposed convolution of steps, which enlarges them: the gradient of a convolution by its input.
 *
 * `y[q, f] = activation(sum of x[p, c] kernel[t, f, c] over all p and t with p strides + t dilations - before = q, + bias[f])`. Input `[batch, steps, channels]`,
 * output the same form with `filters` channels; kernel `[...kernelSize, filters, channels]`, bias `[filters]`. With `reach = (window - 1) dilation + 1` a size
 * becomes `(size - 1) stride + max(reach, stride)`, and `size stride` for 'same'; with an output padding `(size - 1) stride + reach + outputPadding`, and
 * `(size - 1) stride + reach mod 2 + outputPadding` for 'same'. As Keras' Conv1DTranspose. Throws `GS_LAYER_SHAPE` where nothing is left or the channels
 * are unknown, `GS_OPTION_VALUE` for strides and dilations that are both above 1 and for an output padding that is not below the stride.
 */
export function conv1dTranspose(
  filters: number,
  kernelSize: EachDimension<1>,
  options: ConvTransposeOptions<1> = {},
): Layer {
  return convTranspose(1, filters, kernelSize, options);
}
