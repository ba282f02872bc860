import { backend_util, util } from '@tensorflow/tfjs-core';
import type { NamedAttrMap, TensorInfo } from '@tensorflow/tfjs-core';
import type { KernelCall } from '../kernel.js';
import { uncovered } from '../run-own.js';

type Shape4 = [number, number, number, number];
type Shape5 = [number, number, number, number, number];

/** Whether all tensors that are given are of 32-bit floats. */
export function allFloat32(...tensors: (TensorInfo | null | undefined)[]): boolean {
  return tensors.every((tensor) => tensor === undefined || tensor === null || tensor.dtype === 'float32');
}

/**
 * What tfjs-core makes of shapes and attributes, and of the output `dy` where there is one; undefined for what tfjs-backend-cpu covers. Throws
 * `GS_BACKEND_KERNEL` for what it would compute wrongly: a filter for another number of channels, and gradients with both strides and dilations. `where` and
 * `name` are the package and the kernel that the error names.
 */
export function conv2dInfo(
  where: string,
  { inputs, attrs }: KernelCall<unknown>,
  name: string,
  inShape: readonly number[],
  filterShape: readonly number[],
  dy?: TensorInfo,
): backend_util.Conv2DInfo | undefined {
  if ((attrs['dataFormat'] ?? 'NHWC') !== 'NHWC') return undefined;
  const strides = attrs['strides'] as number | [number, number];
  const dilations = (attrs['dilations'] ?? 1) as number | [number, number];
  if (filterShape[2] !== inShape[3]) throw uncovered(where, name, inputs, attrs);
  if (dy !== undefined && !backend_util.eitherStridesOrDilationsAreOne(strides, dilations))
    throw uncovered(where, name, inputs, attrs);
  const info = backend_util.computeConv2DInfo(
    inShape as Shape4,
    filterShape as Shape4,
    strides,
    dilations,
    attrs['pad'] as 'same',
    attrs['dimRoundingMode'] as 'floor',
  );
  return dy === undefined ? info : withOutputOf(info, dy);
}

/** The same for a convolution of each channel by itself; undefined for what is not covered. */
export function depthwiseInfo(
  { attrs }: KernelCall<unknown>,
  inShape: readonly number[],
  filterShape: readonly number[],
  dy?: TensorInfo,
): backend_util.Conv2DInfo | undefined {
  if ((attrs['dataFormat'] ?? 'NHWC') !== 'NHWC') return undefined;
  const dilations = (attrs['dilations'] ?? [1, 1]) as number | [number, number];
  const strides = attrs['strides'] as number | [number, number];
  if (!backend_util.eitherStridesOrDilationsAreOne(strides, dilations)) return undefined;
  const info = backend_util.computeConv2DInfo(
    inShape as Shape4,
    filterShape as Shape4,
    strides,
    dilations,
    attrs['pad'] as 'same',
    attrs['dimRoundingMode'] as 'floor',
    true,
  );
  if (info.inChannels === 0 || info.inChannels !== filterShape[2]) return undefined;
  return dy === undefined ? info : withOutputOf(info, dy);
}

/** The same in three dimensions; undefined for what is not covered: another order of dimensions, an output of another size. */
export function conv3dInfo(
  inShape: readonly number[],
  filterShape: readonly number[],
  attrs: NamedAttrMap,
  dy?: TensorInfo,
): backend_util.Conv3DInfo | undefined {
  if ((attrs['dataFormat'] ?? 'NDHWC') !== 'NDHWC') return undefined;
  const info = backend_util.computeConv3DInfo(
    inShape as Shape5,
    filterShape as Shape5,
    attrs['strides'] as number | [number, number, number],
    (attrs['dilations'] ?? 1) as number | [number, number, number],
    attrs['pad'] as 'same',
  );
  if (info.inChannels !== filterShape[3] || info.outShape.some((size) => size < 0)) return undefined;
  return dy === undefined || util.arraysEqual(dy.shape, info.outShape) ? info : undefined;
}

/** One tap, each pixel by itself: a matrix product. */
export function isPointwise(info: backend_util.Conv2DInfo): boolean {
  return (
    info.filterHeight === 1 &&
    info.filterWidth === 1 &&
    info.strideHeight === 1 &&
    info.strideWidth === 1 &&
    info.outHeight === info.inHeight &&
    info.outWidth === info.inWidth &&
    info.padInfo.top === 0 &&
    info.padInfo.left === 0
  );
}

/**
 * What tfjs-core computed for a convolution, with the size that its output has: gradients are not told how sizes were rounded, so it may be one more.
 * Undefined for any other size.
 */
function withOutputOf(info: backend_util.Conv2DInfo, dy: TensorInfo): backend_util.Conv2DInfo | undefined {
  const [, outHeight, outWidth] = dy.shape as Shape4;
  const isRounded = (size: number, computed: number): boolean => size === computed || size === computed + 1;
  if (!isRounded(outHeight, info.outHeight) || !isRounded(outWidth, info.outWidth)) return undefined;
  return { ...info, outHeight, outWidth };
}
