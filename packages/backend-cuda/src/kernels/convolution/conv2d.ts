import { uncovered } from '@gradstream/backend-kernels';
import { backend_util, util } from '@tensorflow/tfjs-core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { CudaBackend } from '../../cuda-backend.js';
import { filled } from '../elementwise/convert.js';
import { multiply } from '../gemm.js';
import type { Kernel, KernelCall } from '../kernel.js';
import { finishOf, NO_FINISH, type ConvolutionFinish } from './finish.js';
import { allFloat32, outPixels, outputOrNothing, runConvolution, withOutputOf } from './geometry.js';

/** Convolutions in two dimensions with their gradients: [batch, height, width, channels], any stride, padding and dilation. */
export const conv2dKernels: readonly Kernel[] = [
  { name: 'Conv2D', run: (call) => convolve(call, () => NO_FINISH) },
  {
    name: 'FusedConv2D',
    run: (call) => convolve(call, (shape) => finishOf(call.backend, call.inputs, call.attrs, shape)),
  },
  {
    name: 'Conv2DBackpropInput',
    run: (call) => {
      const { inputs, attrs, backend } = call;
      const [dy, filter] = [inputs['dy'] as TensorInfo, inputs['filter'] as TensorInfo];
      if (!allFloat32(dy, filter)) return undefined;
      const info = convolutionInfo(call, 'Conv2DBackpropInput', attrs['inputShape'] as number[], filter.shape, dy);
      if (info === undefined) return undefined;
      if (util.sizeFromShape(dy.shape) === 0) return filled(backend, info.inShape, 'float32', 0);
      const at = [backend.address(dy), backend.address(filter)] as const;
      return outputOrNothing(backend, info.inShape, (to) => {
        if (!isPointwise(info)) return runConvolution(backend, 'conv_input', info, [...at, to]);
        multiply(
          backend,
          { a: at[0], b: at[1], c: to },
          [outPixels(info), info.inChannels, info.outChannels],
          false,
          true,
        );
        return true;
      });
    },
  },
  {
    name: 'Conv2DBackpropFilter',
    run: (call) => {
      const { inputs, attrs, backend } = call;
      const [x, dy] = [inputs['x'] as TensorInfo, inputs['dy'] as TensorInfo];
      if (!allFloat32(x, dy)) return undefined;
      const info = convolutionInfo(call, 'Conv2DBackpropFilter', x.shape, attrs['filterShape'] as number[], dy);
      if (info === undefined) return undefined;
      if (util.sizeFromShape(dy.shape) === 0) return filled(backend, info.filterShape, 'float32', 0);
      const at = [backend.address(x), backend.address(dy)] as const;
      return outputOrNothing(backend, [...info.filterShape], (to) => {
        if (!isPointwise(info)) return runConvolution(backend, 'conv_filter', info, [...at, to]);
        multiply(
          backend,
          { a: at[0], b: at[1], c: to },
          [info.inChannels, info.outChannels, outPixels(info)],
          true,
          false,
        );
        return true;
      });
    },
  },
];

/**
 * What tfjs-core makes of shapes and attributes, and of the output `dy` where there is one; undefined for what tfjs-backend-cpu covers. Throws
 * `GS_BACKEND_KERNEL` for what it would compute wrongly: a filter for another number of channels, and gradients with both strides and dilations.
 */
function convolutionInfo(
  { inputs, attrs }: KernelCall,
  name: string,
  inShape: readonly number[],
  filterShape: readonly number[],
  dy?: TensorInfo,
): backend_util.Conv2DInfo | undefined {
  if ((attrs['dataFormat'] ?? 'NHWC') !== 'NHWC') return undefined;
  const strides = attrs['strides'] as number | [number, number];
  const dilations = (attrs['dilations'] ?? 1) as number | [number, number];
  if (filterShape[2] !== inShape[3]) throw uncovered('backend-cuda', name, inputs, attrs);
  if (dy !== undefined && !backend_util.eitherStridesOrDilationsAreOne(strides, dilations))
    throw uncovered('backend-cuda', name, inputs, attrs);
  const info = backend_util.computeConv2DInfo(
    inShape as [number, number, number, number],
    filterShape as [number, number, number, number],
    strides,
    dilations,
    attrs['pad'] as 'same',
    attrs['dimRoundingMode'] as 'floor',
  );
  return dy === undefined ? info : withOutputOf(info, dy);
}

function convolve(
  call: KernelCall,
  finishFor: (shape: readonly number[]) => ConvolutionFinish | undefined,
): TensorInfo | undefined {
  const { inputs, backend } = call;
  const [x, filter] = [inputs['x'] as TensorInfo, inputs['filter'] as TensorInfo];
  if (!allFloat32(x, filter)) return undefined;
  const info = convolutionInfo(call, 'Conv2D', x.shape, filter.shape);
  if (info === undefined) return undefined;
  const finish = finishFor(info.outShape);
  if (finish === undefined) return undefined;
  const out = outputOrNothing(backend, info.outShape, (to) => computed(backend, info, x, filter, to, finish));
  if (out !== undefined) finish.activate(out);
  return out;
}

function computed(
  backend: CudaBackend,
  info: backend_util.Conv2DInfo,
  x: TensorInfo,
  filter: TensorInfo,
  to: number,
  finish: ConvolutionFinish,
): boolean {
  const at = [backend.address(x), backend.address(filter)] as const;
  if (!isPointwise(info)) return runConvolution(backend, 'conv', info, [...at, to], finish);
  const sizes = [outPixels(info), info.outChannels, info.inChannels] as const;
  multiply(backend, { a: at[0], b: at[1], c: to }, sizes, false, false, undefined, finish);
  return true;
}

/** One tap, each pixel by itself: a matrix product. */
function isPointwise(info: backend_util.Conv2DInfo): boolean {
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
