import { checkOptions } from '@gradstream/core';
import * as tf from '@tensorflow/tfjs-core';
import { convolutionAxes, type ConvolutionPadding } from './convolution.js';
import { checkBiasActivation, type BiasActivation } from './internal/bias-activation.js';
import { convolveChannels } from './internal/convolve.js';
import { misfit, spatialRank } from './internal/spatial-axis.js';

/** What `depthwiseConvolution` takes. */
export interface DepthwiseConvolutionOperands extends BiasActivation {
  /** The image: [batch, ...spatial, channels] with one or two spatial dimensions. */
  readonly x: tf.Tensor;
  /** The weights: [...window, channels, multiplier]. */
  readonly filter: tf.Tensor;
  /** The step between windows, one number or one a spatial dimension. Default 1. */
  readonly strides?: number | readonly number[] | undefined;
  /** Default 'valid'. */
  readonly padding?: ConvolutionPadding | undefined;
  /** The step between the taps of a window, one number or one a spatial dimension. Default 1. */
  readonly dilations?: number | readonly number[] | undefined;
}

const WHERE = 'autodiff/depthwiseConvolution';
const NAMES = ['x', 'filter', 'bias', 'activation', 'strides', 'padding', 'dilations'];

/**
 * A convolution of each channel by itself, in one or two dimensions, with the numbers of Keras' `ops.depthwise_conv`.
 *
 * `y[n, p, c multiplier + m] = sum over taps t of x[n, p strides + t dilations - before, c] filter[t, c, m]`, plus the bias, activated, float32:
 * [batch, ...output sizes, channels multiplier], sizes as for `convolution`. Runs the backend's `DepthwiseConv2dNative` or
 * `FusedDepthwiseConv2D`. A depthwise convolution
 * followed by a `convolution` with a window of 1 is a separable one. Only wanted gradients are computed. Throws `GS_AUTODIFF_SHAPE` for shapes that do
 * not fit or leave nothing, `GS_OPTION_VALUE`, `GS_OPTION_TYPE` and `GS_OPTION_UNKNOWN` for bad options.
 */
export function depthwiseConvolution(operands: DepthwiseConvolutionOperands): tf.Tensor {
  checkOptions(WHERE, operands, NAMES);
  const { x, filter } = operands;
  const rank = spatialRank(WHERE, x, filter, 2);
  if (filter.shape.at(-2) !== x.shape.at(-1))
    throw misfit(WHERE, x, filter, 'a filter [...window, channels, multiplier]');
  checkBiasActivation(WHERE, operands, filter.shape.at(-2)! * filter.shape.at(-1)!);
  const axes = convolutionAxes(WHERE, operands, rank);
  return tf.tidy(() => convolveChannels(x.dtype === 'float32' ? x : tf.cast(x, 'float32'), filter, axes, operands));
}
