import { checkChoice, checkNumber, checkOptions, describeValue, GradstreamError } from '@gradstream/core';
import * as tf from '@tensorflow/tfjs-core';
import { addBias, checkBiasActivation, type BiasActivation } from './internal/bias-activation.js';
import { convolve, convolveChannels } from './internal/convolve.js';
import { misfit, perAxis, reachOf, spatialRank, type SpatialAxis } from './internal/spatial-axis.js';

/**
 * Where a convolution adds zeros: nowhere ('valid'), so that the result has the image's size divided by the stride ('same'), before the image alone so
 * that no element sees a later one ('causal', one dimension only), or as many as told: [before, after] for each spatial dimension.
 */
export type ConvolutionPadding = 'valid' | 'same' | 'causal' | readonly (readonly [number, number])[];

/** What `convolution` takes. */
export interface ConvolutionOperands extends BiasActivation {
  /** The image: [batch, ...spatial, channels] with one, two or three spatial dimensions. */
  readonly x: tf.Tensor;
  /** The weights: [...window, channels / groups, filters]. */
  readonly filter: tf.Tensor;
  /** The step between windows, one number or one a spatial dimension. Default 1. */
  readonly strides?: number | readonly number[] | undefined;
  /** Default 'valid'. */
  readonly padding?: ConvolutionPadding | undefined;
  /** The step between the taps of a window, one number or one a spatial dimension. Default 1. */
  readonly dilations?: number | readonly number[] | undefined;
  /** Into how many parts the channels are cut; each part has its own `filters / groups` filters. Default 1. */
  readonly groups?: number | undefined;
}

const WHERE = 'autodiff/convolution';
const NAMES = ['x', 'filter', 'bias', 'activation', 'strides', 'padding', 'dilations', 'groups'];

/**
 * A convolution in one, two or three dimensions, channels last, with the numbers of Keras' `ops.conv`.
 *
 * `y[n, p, f] = sum over taps t and channels c of x[n, p strides + t dilations - before, c] filter[t, c, f]`, plus the bias, activated, float32:
 * [batch, ...output sizes, filters]. An output size is `floor((size + before + after - reach) / stride) + 1` with
 * `reach = (window - 1) dilation + 1`, and `ceil(size / stride)` for 'same'. Strides and dilations may both be above 1, which Keras refuses. Runs the
 * backend's `Conv2D` or `FusedConv2D` whatever the dimensions, and its depthwise kernels where each channel is a group. In three dimensions that takes
 * room for as many images as the window is deep. Only wanted gradients are computed. Throws
 * `GS_AUTODIFF_SHAPE` for shapes that do not fit or leave nothing, `GS_OPTION_VALUE`, `GS_OPTION_TYPE` and `GS_OPTION_UNKNOWN` for bad options.
 */
export function convolution(operands: ConvolutionOperands): tf.Tensor {
  checkOptions(WHERE, operands, NAMES);
  const { x, filter, groups = 1 } = operands;
  const rank = spatialRank(WHERE, x, filter, 3);
  checkNumber(WHERE, 'groups', groups, { integer: true, min: 1 });
  const [channels, filters] = [x.shape.at(-1)!, filter.shape.at(-1)!];
  if (filter.shape.at(-2)! * groups !== channels || filters % groups !== 0) {
    throw misfit(WHERE, x, filter, `a filter [...window, channels / ${groups}, a multiple of ${groups}]`);
  }
  checkBiasActivation(WHERE, operands, filters);
  const axes = convolutionAxes(WHERE, operands, rank);
  return tf.tidy(() => {
    const images = x.dtype === 'float32' ? x : tf.cast(x, 'float32');
    if (groups === 1) return convolve(images, filter, axes, operands);
    // One channel a group and its filters beside each other is what a depthwise filter holds, in the same order.
    if (groups === channels && rank < 3) {
      const depthwise = tf.reshape(filter, [...filter.shape.slice(0, -2), channels, filters / channels]);
      return convolveChannels(images, depthwise, axes, operands);
    }
    const parts = tf.split(images, groups, -1);
    const weights = tf.split(filter, groups, -1);
    const results = parts.map((part, group) => convolve(part, weights[group]!, axes));
    return addBias(tf.concat(results, -1), operands);
  });
}

/** The spatial dimensions of a convolution, its options checked. */
export function convolutionAxes(
  where: string,
  operands: Omit<ConvolutionOperands, 'groups'>,
  rank: number,
): SpatialAxis[] {
  const { x, filter, strides = 1, padding = 'valid', dilations = 1 } = operands;
  const steps = perAxis(where, 'strides', strides, rank, 1);
  const rates = perAxis(where, 'dilations', dilations, rank, 1);
  const pads = typeof padding === 'object' ? explicitPadding(where, padding, rank) : undefined;
  if (pads === undefined) {
    checkChoice(where, 'padding', padding as string, rank === 1 ? ['valid', 'same', 'causal'] : ['valid', 'same']);
  }
  return steps.map((stride, index) => {
    const [size, window, dilation] = [x.shape[index + 1]!, filter.shape[index]!, rates[index]!];
    const reach = reachOf(window, dilation);
    let [before, after] = pads?.[index] ?? [0, 0];
    if (padding === 'causal') before = reach - 1;
    if (padding === 'same') {
      const total = Math.max((Math.ceil(size / stride) - 1) * stride + reach - size, 0);
      before = Math.floor(total / 2);
      after = total - before;
    }
    const outputSize = Math.floor((size + before + after - reach) / stride) + 1;
    if (outputSize >= 1) return { size, window, stride, dilation, before, after, outputSize };
    throw misfit(where, x, filter, `at least ${reach} elements along spatial dimension ${index}, padding included`);
  });
}

function explicitPadding(where: string, padding: unknown, rank: number): [number, number][] {
  const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;
  const isPair = (pair: unknown): boolean => Array.isArray(pair) && pair.length === 2 && pair.every(isCount);
  if (Array.isArray(padding) && padding.length === rank && padding.every(isPair)) return padding as [number, number][];
  throw new GradstreamError('GS_OPTION_VALUE', {
    where,
    what: 'The option "padding" has a value that cannot be used',
    expected: `"valid", "same" or ${rank} pairs of whole numbers [before, after]`,
    received: describeValue(padding),
    next: 'Give the zeros before and after each spatial dimension.',
  });
}
