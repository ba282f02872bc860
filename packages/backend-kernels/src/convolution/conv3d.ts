import { util } from '@tensorflow/tfjs-core';
import type { TensorInfo, backend_util } from '@tensorflow/tfjs-core';
import type { Kernel, OutputBackend } from '../kernel.js';
import { runOwn, type RunOwn } from '../run-own.js';
import { allFloat32, conv3dInfo } from './convolution-info.js';
import { addFrames, framesAtOnce, framesOf, partOf, type FrameMoves } from './frames.js';

/**
 * Convolutions in three dimensions with their gradients, [batch, depth, height, width, channels]: each frame of the output is a convolution in two
 * dimensions over the frames that it sees, stacked in the channels. Frames are stacked in portions of at most 64 MB. `kernels` are the backend's own `Conv2D`,
 * `Conv2DBackpropInput`, `Conv2DBackpropFilter` and `Transpose`, `where` is the package that an error names.
 */
export function conv3dKernels<B extends OutputBackend>(
  where: string,
  kernels: readonly Kernel<B>[],
  moves: FrameMoves<B>,
): readonly Kernel<B>[] {
  const run = runOwn(where, kernels);
  return [
    {
      name: 'Conv3D',
      run: ({ inputs, attrs, backend }) => {
        const [x, filter] = [inputs['x'] as TensorInfo, inputs['filter'] as TensorInfo];
        const info = conv3dInfo(x.shape, filter.shape, attrs);
        if (info === undefined || !allFloat32(x, filter)) return undefined;
        const { outDepth, outHeight, outWidth, outChannels } = info;
        const y = backend.output(info.outShape, 'float32');
        if (util.sizeFromShape(info.outShape) === 0) return y;
        const flat = flatFilter(run, backend, filter);
        const all = info.batchSize * outDepth;
        for (let first = 0; first < all; first += framesAtOnce(info)) {
          const count = Math.min(framesAtOnce(info), all - first);
          const frames = framesOf(moves, backend, x, info, first, count);
          const part = run(backend, 'Conv2D', { x: frames, filter: flat }, flatAttrs(info));
          partOf(moves, backend, y, first * outHeight * outWidth * outChannels).set(part);
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
        const info = conv3dInfo(x.shape, shape, attrs, dy);
        if (info === undefined || !allFloat32(x, dy)) return undefined;
        const [depth, height, width, inChannels, outChannels] = shape as [number, number, number, number, number];
        const all = info.batchSize * info.outDepth;
        const frameSize = info.outHeight * info.outWidth * outChannels;
        const filterShape = [height, width, depth * inChannels, outChannels];
        let sum: TensorInfo | undefined;
        for (let first = 0; first < Math.max(1, all); first += framesAtOnce(info)) {
          const count = Math.min(framesAtOnce(info), all - first);
          const frames = framesOf(moves, backend, x, info, first, count);
          const slope = partOf(moves, backend, dy, first * frameSize).get([
            count,
            info.outHeight,
            info.outWidth,
            outChannels,
          ]);
          const inputsOfPart = { x: frames, dy: slope };
          const attrsOfPart = { ...flatAttrs(info), filterShape };
          const part = run(backend, 'Conv2DBackpropFilter', inputsOfPart, attrsOfPart);
          for (const done of [frames, slope]) backend.disposeIntermediateTensorInfo(done);
          if (sum === undefined) {
            sum = part;
            continue;
          }
          moves.addTo(backend, part, 0, sum, 0, util.sizeFromShape(part.shape));
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
        const info = conv3dInfo(attrs['inputShape'] as number[], filter.shape, attrs, dy);
        if (info === undefined || !allFloat32(dy, filter)) return undefined;
        const { inHeight, inWidth, inChannels, outHeight, outWidth, outChannels } = info;
        const dx = moves.filled(backend, info.inShape, 'float32', 0)!;
        const size = util.sizeFromShape(info.inShape);
        const all = info.batchSize * info.outDepth;
        if (size === 0 || all * outHeight * outWidth * outChannels === 0) return dx;
        const tapShape = filter.shape.slice(1);
        for (let tap = 0; tap < info.filterDepth; tap++) {
          const weights = partOf(moves, backend, filter, tap * util.sizeFromShape(tapShape)).get(tapShape);
          for (let first = 0; first < all; first += framesAtOnce(info)) {
            const count = Math.min(framesAtOnce(info), all - first);
            const slope = partOf(moves, backend, dy, first * outHeight * outWidth * outChannels).get([
              count,
              outHeight,
              outWidth,
              outChannels,
            ]);
            const attrsOfPart = { ...flatAttrs(info), inputShape: [count, inHeight, inWidth, inChannels] };
            const inputsOfPart = { dy: slope, filter: weights };
            const part = run(backend, 'Conv2DBackpropInput', inputsOfPart, attrsOfPart);
            addFrames(moves, backend, part, dx, info, first, count, tap);
            for (const done of [slope, part]) backend.disposeIntermediateTensorInfo(done);
          }
          backend.disposeIntermediateTensorInfo(weights);
        }
        return dx;
      },
    },
  ];
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
function flatFilter<B>(run: RunOwn<B>, backend: B, filter: TensorInfo): TensorInfo {
  const [depth, height, width, inChannels, outChannels] = filter.shape as [number, number, number, number, number];
  const moved = run(backend, 'Transpose', { x: filter }, { perm: [1, 2, 0, 3, 4] });
  return { ...moved, shape: [height, width, depth * inChannels, outChannels] };
}
