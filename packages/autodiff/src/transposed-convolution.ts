import { checkChoice, checkOptions, describeValue, GradstreamError } from '@gradstream/core';
import * as tf from '@tensorflow/tfjs-core';
import { addBias, checkBiasActivation, type BiasActivation } from './internal/bias-activation.js';
import { convolveTransposed } from './internal/convolve.js';
import { misfit, perAxis, reachOf, spatialRank, type SpatialAxis } from './internal/spatial-axis.js';

/** What `transposedConvolution` takes. */
export interface TransposedConvolutionOperands extends BiasActivation {
  /** The image: [batch, ...spatial, channels] with one, two or three spatial dimensions. */
  readonly x: tf.Tensor;
  /** The weights: [...window, filters, channels], as Keras keeps them. */
  readonly filter: tf.Tensor;
  /** How far apart the elements of `x` come to lie, one number or one a spatial dimension. Default 1. */
  readonly strides?: number | readonly number[] | undefined;
  /** 'valid' keeps all that the windows reach, 'same' gives `size * stride` elements. Default 'valid'. */
  readonly padding?: 'valid' | 'same' | undefined;
  /** The step between the taps of a window, one number or one a spatial dimension. Default 1. */
  readonly dilations?: number | readonly number[] | undefined;
  /** Fixes the output sizes instead, below the stride: see `transposedConvolution`. None by default. */
  readonly outputPadding?: number | readonly number[] | undefined;
}

const WHERE = 'autodiff/transposedConvolution';
const NAMES = ['x', 'filter', 'bias', 'activation', 'strides', 'padding', 'dilations', 'outputPadding'];

/**
 * A transposed convolution in one, two or three dimensions, channels last, with the numbers of Keras' `ops.conv_transpose`: the gradient of a
 * `convolution` by its image.
 *
 * `y[n, q, f] = sum of x[n, p, c] filter[t, f, c] over all p and t with p strides + t dilations - before = q`, plus the bias, activated, float32:
 * [batch, ...output sizes, filters]. With `reach = (window - 1) dilation + 1` an output size is `(size - 1) stride + max(reach, stride)` for 'valid' and
 * `size stride` for 'same'; with an output padding it is `(size - 1) stride + reach + outputPadding` for 'valid' and
 * `(size - 1) stride + reach mod 2 + outputPadding` for 'same'. What is cut off for 'same' is cut off in halves, the smaller one before. Strides and
 * dilations may both be above 1, which Keras refuses. Runs the backend's `Conv2DBackpropInput` whatever the dimensions. Only wanted gradients are
 * computed. Throws `GS_AUTODIFF_SHAPE` for shapes that do not fit or leave nothing, `GS_OPTION_VALUE`, `GS_OPTION_TYPE` and `GS_OPTION_UNKNOWN` for bad
 * options.
 */
export function transposedConvolution(operands: TransposedConvolutionOperands): tf.Tensor {
  checkOptions(WHERE, operands, NAMES);
  const { x, filter } = operands;
  const rank = spatialRank(WHERE, x, filter, 3);
  if (filter.shape.at(-1) !== x.shape.at(-1)) throw misfit(WHERE, x, filter, 'a filter [...window, filters, channels]');
  checkBiasActivation(WHERE, operands, filter.shape.at(-2)!);
  const axes = transposedAxes(operands, rank);
  return tf.tidy(() => {
    const y = convolveTransposed(x.dtype === 'float32' ? x : tf.cast(x, 'float32'), filter, axes);
    return addBias(y, operands);
  });
}

/** The spatial dimensions of the convolution whose transpose is wanted: its output is `x`. */
function transposedAxes(operands: TransposedConvolutionOperands, rank: number): SpatialAxis[] {
  const { x, filter, strides = 1, padding = 'valid', dilations = 1, outputPadding } = operands;
  checkChoice(WHERE, 'padding', padding, ['valid', 'same']);
  const steps = perAxis(WHERE, 'strides', strides, rank, 1);
  const rates = perAxis(WHERE, 'dilations', dilations, rank, 1);
  const extras = outputPadding === undefined ? undefined : perAxis(WHERE, 'outputPadding', outputPadding, rank, 0);
  return steps.map((stride, index) => {
    const extra = extras?.[index];
    if (extra !== undefined && extra >= stride) throw tooFar(extra, stride);
    const [outputSize, window, dilation] = [x.shape[index + 1]!, filter.shape[index]!, rates[index]!];
    const reach = reachOf(window, dilation);
    const full = (outputSize - 1) * stride + reach;
    const size =
      padding === 'valid'
        ? full + (extra ?? Math.max(stride - reach, 0))
        : (outputSize - 1) * stride + (extra === undefined ? stride : (reach % 2) + extra);
    if (outputSize < 1 || size < 1) throw misfit(WHERE, x, filter, `something left along spatial dimension ${index}`);
    const cut = Math.max(full - size, 0);
    const before = Math.floor(cut / 2);
    return { size, window, stride, dilation, before, after: cut - before, outputSize };
  });
}

function tooFar(extra: number, stride: number): GradstreamError {
  return new GradstreamError('GS_OPTION_VALUE', {
    where: WHERE,
    what: 'The option "outputPadding" has a value that cannot be used',
    expected: `an integer below the stride, ${stride}`,
    received: describeValue(extra),
    next: 'Give a smaller one, or leave it out.',
  });
}
