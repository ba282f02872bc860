import { runOwn } from '@gradstream/backend-kernels';
import { backend_util, util } from '@tensorflow/tfjs-core';
import type { NamedAttrMap, TensorInfo } from '@tensorflow/tfjs-core';
import { Binary } from '../../internal/codes.js';
import type { WasmSimdBackend } from '../../wasm-simd-backend.js';
import { applyBinary } from '../elementwise/binary.js';
import type { Kernel } from '../kernel.js';
import { movementKernels } from '../movement/movement.js';
import { conv2dKernels } from './conv2d.js';
import { addFrames, framesAtOnce, framesOf, partOf } from './frames.js';
import { allFloat32 } from './run-convolution.js';

const run = runOwn('backend-wasm', [...conv2dKernels, ...movementKernels]);

/**
 * Convolutions in three dimensions with their gradients, [batch, depth, height, width, channels]: each frame of the output is a convolution in two
 * dimensions over the frames that it sees, stacked in the channels. Frames are stacked in portions of at most 64 MB.
 */
export const conv3dKernels: readonly Kernel[] = [
  {
    name: 'Conv3D',
    run: ({ inputs, attrs, backend }) => {
      const [x, filter] = [inputs['x'] as TensorInfo, inputs['filter'] as TensorInfo];
      const info = infoOf(x.shape, filter.shape, attrs);
      if (info === undefined || !allFloat32(x, filter)) return undefined;
      const { outDepth, outHeight, outWidth, outChannels } = info;
      const y = backend.output(info.outShape, 'float32');
      if (util.sizeFromShape(info.outShape) === 0) return y;
      const flat = flatFilter(backend, filter);
      const all = info.batchSize * outDepth;
      for (let first = 0; first < all; first += framesAtOnce(info)) {
        const count = Math.min(framesAtOnce(info), all - first);
        const frames = framesOf(backend, x, info, first, count);
        const part = run(backend, 'Conv2D', { x: frames, filter: flat }, flatAttrs(info));
        partOf(backend, y, first * outHeight * outWidth * outChannels).set(part);
        for (const done of [frames, part]) backend.disposeIntermediateTensorInfo(done);
      }
      backend.disposeIntermediateTensorInfo(flat);
      return y;
    },
  },
  {
    name: 'Conv3DBackpropFilterV2',
    run: ({ inputs, attrs, backend }) => {
      const [x, dy] = [inputs['x'] as TensorInfo, inputs['dy'] as TensorInfo];
      const shape = attrs['filterShape'] as number[];
      const info = infoOf(x.shape, shape, attrs, dy);
      if (info === undefined || !allFloat32(x, dy)) return undefined;
      const [depth, height, width, inChannels, outChannels] = shape as [number, number, number, number, number];
      const all = info.batchSize * info.outDepth;
      const frameSize = info.outHeight * info.outWidth * outChannels;
      const filterShape = [height, width, depth * inChannels, outChannels];
      let sum: TensorInfo | undefined;
      for (let first = 0; first < Math.max(1, all); first += framesAtOnce(info)) {
        const count = Math.min(framesAtOnce(info), all - first);
        const frames = framesOf(backend, x, info, first, count);
        const slope = partOf(backend, dy, first * frameSize).get([count, info.outHeight, info.outWidth, outChannels]);
        const inputsOfPart = { x: frames, dy: slope };
        const attrsOfPart = { ...flatAttrs(info), filterShape };
        const part = run(backend, 'Conv2DBackpropFilter', inputsOfPart, attrsOfPart);
        for (const done of [frames, slope]) backend.disposeIntermediateTensorInfo(done);
        if (sum === undefined) {
          sum = part;
          continue;
        }
        applyBinary(backend, 0, Binary.Add, sum, part, sum);
        backend.disposeIntermediateTensorInfo(part);
      }
      const stacked = { ...sum!, shape: [height, width, depth, inChannels, outChannels] };
      const y = run(backend, 'Transpose', { x: stacked }, { perm: [2, 0, 1, 3, 4] });
      backend.disposeIntermediateTensorInfo(stacked);
      return y;
    },
  },
  {
    name: 'Conv3DBackpropInputV2',
    run: ({ inputs, attrs, backend }) => {
      const [dy, filter] = [inputs['dy'] as TensorInfo, inputs['filter'] as TensorInfo];
      const info = infoOf(attrs['inputShape'] as number[], filter.shape, attrs, dy);
      if (info === undefined || !allFloat32(dy, filter)) return undefined;
      const { inHeight, inWidth, inChannels, outHeight, outWidth, outChannels } = info;
      const dx = backend.output(info.inShape, 'float32');
      const size = util.sizeFromShape(info.inShape);
      backend.runtime.wasm.fillBytes(backend.address(dx), 0, size * 4);
      const all = info.batchSize * info.outDepth;
      if (size === 0 || all * outHeight * outWidth * outChannels === 0) return dx;
      const tapShape = filter.shape.slice(1);
      for (let tap = 0; tap < info.filterDepth; tap++) {
        const weights = partOf(backend, filter, tap * util.sizeFromShape(tapShape)).get(tapShape);
        for (let first = 0; first < all; first += framesAtOnce(info)) {
          const count = Math.min(framesAtOnce(info), all - first);
          const slope = partOf(backend, dy, first * outHeight * outWidth * outChannels).get([
            count,
            outHeight,
            outWidth,
            outChannels,
          ]);
          const attrsOfPart = { ...flatAttrs(info), inputShape: [count, inHeight, inWidth, inChannels] };
          const inputsOfPart = { dy: slope, filter: weights };
          const part = run(backend, 'Conv2DBackpropInput', inputsOfPart, attrsOfPart);
          addFrames(backend, part, dx, info, first, count, tap);
          for (const done of [slope, part]) backend.disposeIntermediateTensorInfo(done);
        }
        backend.disposeIntermediateTensorInfo(weights);
      }
      return dx;
    },
  },
];

/** What tfjs-core makes of shapes and attributes; undefined for what is not covered: another order of dimensions, an output of another size. */
function infoOf(
  inShape: readonly number[],
  filterShape: readonly number[],
  attrs: NamedAttrMap,
  dy?: TensorInfo,
): backend_util.Conv3DInfo | undefined {
  if ((attrs['dataFormat'] ?? 'NDHWC') !== 'NDHWC') return undefined;
  const info = backend_util.computeConv3DInfo(
    inShape as [number, number, number, number, number],
    filterShape as [number, number, number, number, number],
    attrs['strides'] as number | [number, number, number],
    (attrs['dilations'] ?? 1) as number | [number, number, number],
    attrs['pad'] as 'same',
  );
  if (info.inChannels !== filterShape[3] || info.outShape.some((size) => size < 0)) return undefined;
  return dy === undefined || util.arraysEqual(dy.shape, info.outShape) ? info : undefined;
}

/** The attributes of the convolution in two dimensions. */
function flatAttrs(info: backend_util.Conv3DInfo): object {
  const { top, bottom, left, right } = info.padInfo;
  return {
    strides: [info.strideHeight, info.strideWidth],
    dilations: [info.dilationHeight, info.dilationWidth],
    pad: [
      [0, 0],
      [top, bottom],
      [left, right],
      [0, 0],
    ],
    dataFormat: 'NHWC',
  };
}

/** The filter with its depth in the channels. */
function flatFilter(backend: WasmSimdBackend, filter: TensorInfo): TensorInfo {
  const [depth, height, width, inChannels, outChannels] = filter.shape as [number, number, number, number, number];
  const moved = run(backend, 'Transpose', { x: filter }, { perm: [1, 2, 0, 3, 4] });
  return { ...moved, shape: [height, width, depth * inChannels, outChannels] };
}
