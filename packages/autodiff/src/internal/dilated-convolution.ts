import * as tf from '@tensorflow/tfjs-core';
import { alias } from './alias.js';
import { runKernel } from './run-kernel.js';

type Pair = readonly [number, number];

/** A dilated convolution of images, channels last, with stride 1: what its gradients need to know. */
export interface DilatedConvolution {
  readonly rates: Pair;
  /** Zeros before and after the image, by dimension. */
  readonly pads: readonly [Pair, Pair];
}

/** The geometry of a dilated convolution whose gradients are convolutions too; undefined for strides, channels first or padding beyond the filter. */
export function dilatedConvolution(
  x: tf.Tensor,
  filter: tf.Tensor,
  attributes: tf.NamedAttrMap,
): DilatedConvolution | undefined {
  const { strides, dilations, pad, dimRoundingMode, dataFormat } = attributes as unknown as tf.Conv2DAttrs;
  if (dataFormat !== 'NHWC') return undefined;
  const info = tf.backend_util.computeConv2DInfo(
    x.shape as [number, number, number, number],
    filter.shape as [number, number, number, number],
    strides,
    dilations,
    pad as 'same',
    dimRoundingMode,
  );
  const { top, bottom, left, right } = info.padInfo;
  if (info.strideHeight !== 1 || info.strideWidth !== 1) return undefined;
  if (Math.max(top, bottom) >= info.effectiveFilterHeight || Math.max(left, right) >= info.effectiveFilterWidth) {
    return undefined;
  }
  return {
    rates: [info.dilationHeight, info.dilationWidth],
    pads: [
      [top, bottom],
      [left, right],
    ],
  };
}

/** The gradient by the image: a dilated convolution of `dy` with the filter turned round, which multiplies by none of the filter's gaps. */
export function dilatedInputGradient({ rates, pads }: DilatedConvolution, dy: tf.Tensor, filter: tf.Tensor): tf.Tensor {
  const turned = tf.transpose(tf.reverse(filter, [0, 1]), [0, 1, 3, 2]);
  const around = pads.map(([before, after], axis) => {
    const reach = (filter.shape[axis]! - 1) * rates[axis]!;
    return [reach - before, reach - after];
  });
  return runKernel(
    tf.Conv2D,
    { x: dy, filter: turned },
    { strides: [1, 1], dilations: rates, pad: [[0, 0], ...around, [0, 0]], dataFormat: 'NHWC' },
  );
}

/** The gradient by the filter: one matrix product a tap, of the part of the image that the tap saw. */
export function dilatedFilterGradient(
  { rates, pads }: DilatedConvolution,
  x: tf.Tensor,
  dy: tf.Tensor,
  filterShape: readonly number[],
): tf.Tensor {
  const [height, width, channels, filters] = filterShape as [number, number, number, number];
  const [batch, outHeight, outWidth] = dy.shape as [number, number, number, number];
  const padded = tf.pad(x, [[0, 0], [...pads[0]], [...pads[1]], [0, 0]]);
  const rows = batch * outHeight * outWidth;
  const gradients = alias(dy, [rows, filters]);
  const taps = Array.from({ length: height * width }, (_, tap) =>
    tf.tidy(() => {
      const begin = [0, Math.floor(tap / width) * rates[0], (tap % width) * rates[1], 0];
      const seen = alias(tf.slice(padded, begin, [batch, outHeight, outWidth, channels]), [rows, channels]);
      return runKernel(tf.BatchMatMul, { a: seen, b: gradients }, { transposeA: true, transposeB: false });
    }),
  );
  return alias(tf.concat(taps, 0), filterShape);
}
