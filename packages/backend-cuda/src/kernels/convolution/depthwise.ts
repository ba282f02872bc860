import { backend_util, util } from '@tensorflow/tfjs-core';
import type { NamedAttrMap, TensorInfo } from '@tensorflow/tfjs-core';
import { blocks, gridFor, THREADS, WARPS } from '../../internal/grid.js';
import { kernelsIn } from '../../internal/modules.js';
import { filled } from '../elementwise/convert.js';
import { finishWords } from '../gemm.js';
import type { Kernel, KernelCall } from '../kernel.js';
import { reduce } from '../reduction/reduce.js';
import { finishOf, NO_FINISH, type ConvolutionFinish } from './finish.js';
import { allFloat32, outPixels, outputOrNothing, withOutputOf } from './geometry.js';

const kernels = kernelsIn('depthwise', { depthwise: 'pppiss', depthwise_input: 'pppis', depthwise_filter: 'pppiis' });

/** Output pixels that a block of the filter's gradient sums. */
const CHUNK = 2048;

/** Convolutions of each channel by itself, with their gradients: [batch, height, width, channels], any stride, padding, dilation and multiplier. */
export const depthwiseKernels: readonly Kernel[] = [
  { name: 'DepthwiseConv2dNative', run: (call) => convolve(call, () => NO_FINISH) },
  {
    name: 'FusedDepthwiseConv2D',
    run: (call) => convolve(call, (shape) => finishOf(call.backend, call.inputs, call.attrs, shape)),
  },
  {
    name: 'DepthwiseConv2dNativeBackpropInput',
    run: ({ inputs, attrs, backend }) => {
      const [dy, filter] = [inputs['dy'] as TensorInfo, inputs['filter'] as TensorInfo];
      if (!allFloat32(dy, filter)) return undefined;
      const info = depthwiseInfo(attrs['inputShape'] as number[], filter.shape, attrs, dy);
      if (info === undefined) return undefined;
      return outputOrNothing(backend, info.inShape, (to) => {
        const size = util.sizeFromShape(info.inShape);
        const values = [backend.address(dy), backend.address(filter), to, size, words(info)];
        backend.runtime.launch(kernels.depthwise_input, gridFor(size), THREADS, values);
        return true;
      });
    },
  },
  {
    name: 'DepthwiseConv2dNativeBackpropFilter',
    run: ({ inputs, attrs, backend }) => {
      const [x, dy] = [inputs['x'] as TensorInfo, inputs['dy'] as TensorInfo];
      if (!allFloat32(x, dy)) return undefined;
      const info = depthwiseInfo(x.shape, attrs['filterShape'] as number[], attrs, dy);
      if (info === undefined) return undefined;
      const pixels = outPixels(info);
      if (pixels === 0) return filled(backend, info.filterShape, 'float32', 0);
      return outputOrNothing(backend, [...info.filterShape], (to) => {
        const taps = info.filterHeight * info.filterWidth;
        if (taps > backend.runtime.device.mostBlocks) return false;
        const chunk = Math.max(CHUNK, Math.ceil(pixels / backend.runtime.device.mostBlocks));
        const chunks = blocks(pixels, chunk);
        const size = taps * info.outChannels;
        const at = [backend.address(x), backend.address(dy)];
        backend.runtime.withScratch(chunks * size * 4, (parts) => {
          const grid = [blocks(info.outChannels, 32), taps, chunks] as const;
          backend.runtime.launch(kernels.depthwise_filter, grid, WARPS, [...at, parts, pixels, chunk, words(info)]);
          reduce(backend, 'float_Sum', parts, to, [1, chunks, size]);
        });
        return true;
      });
    },
  },
];

function words(info: backend_util.Conv2DInfo): Int32Array {
  return Int32Array.of(
    ...[
      info.inHeight,
      info.inWidth,
      info.inChannels,
      info.outChannels / info.inChannels,
      info.outHeight,
      info.outWidth,
    ],
    ...[
      info.filterHeight,
      info.filterWidth,
      info.strideHeight,
      info.strideWidth,
      info.dilationHeight,
      info.dilationWidth,
    ],
    ...[info.padInfo.top, info.padInfo.left],
  );
}

/** What tfjs-core makes of shapes and attributes, and of the output `dy` where there is one; undefined for what is not covered. */
function depthwiseInfo(
  inShape: readonly number[],
  filterShape: readonly number[],
  attrs: NamedAttrMap,
  dy?: TensorInfo,
): backend_util.Conv2DInfo | undefined {
  if ((attrs['dataFormat'] ?? 'NHWC') !== 'NHWC') return undefined;
  const dilations = (attrs['dilations'] ?? [1, 1]) as number | [number, number];
  const strides = attrs['strides'] as number | [number, number];
  if (!backend_util.eitherStridesOrDilationsAreOne(strides, dilations)) return undefined;
  const info = backend_util.computeConv2DInfo(
    inShape as [number, number, number, number],
    filterShape as [number, number, number, number],
    strides,
    dilations,
    attrs['pad'] as 'same',
    attrs['dimRoundingMode'] as 'floor',
    true,
  );
  if (info.inChannels === 0 || info.inChannels !== filterShape[2]) return undefined;
  return dy === undefined ? info : withOutputOf(info, dy);
}

function convolve(
  { inputs, attrs, backend }: KernelCall,
  finishFor: (shape: readonly number[]) => ConvolutionFinish | undefined,
): TensorInfo | undefined {
  const [x, filter] = [inputs['x'] as TensorInfo, inputs['filter'] as TensorInfo];
  if (!allFloat32(x, filter)) return undefined;
  const info = depthwiseInfo(x.shape, filter.shape, attrs);
  if (info === undefined) return undefined;
  const finish = finishFor(info.outShape);
  if (finish === undefined) return undefined;
  const out = outputOrNothing(backend, info.outShape, (to) => {
    const size = util.sizeFromShape(info.outShape);
    const at = [backend.address(x), backend.address(filter), to];
    backend.runtime.launch(kernels.depthwise, gridFor(size), THREADS, [...at, size, words(info), finishWords(finish)]);
    return true;
  });
  if (out !== undefined) finish.activate(out);
  return out;
}
