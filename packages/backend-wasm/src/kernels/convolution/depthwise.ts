import { backend_util, util } from '@tensorflow/tfjs-core';
import type { NamedAttrMap, TensorInfo } from '@tensorflow/tfjs-core';
import type { Kernel, KernelCall } from '../kernel.js';
import { finishOf } from './finish.js';
import type { Finish } from './finish.js';
import { runInputGradient } from './input-gradient.js';
import {
  allFloat32,
  geometryOf,
  outputOrNothing,
  runConvolution,
  runFilterGradient,
  withOutputOf,
} from './run-convolution.js';

const PLAIN: Finish = { bias: 0, relu: false, activate: () => undefined };

/** Convolutions of each channel by itself, with their gradients: [batch, height, width, channels], any stride, padding, dilation and multiplier. */
export const depthwiseKernels: readonly Kernel[] = [
  { name: 'DepthwiseConv2dNative', run: (call) => convolve(call, () => PLAIN) },
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
      const [x, weights] = [backend.address(dy), backend.address(filter)];
      const group = info.outChannels / info.inChannels;
      const run = (y: number): boolean =>
        runInputGradient(backend, { ...geometryOf(info, true), x, filter: weights, y }, info.outChannels);
      if (group === 1) return outputOrNothing(backend, info.inShape, run);
      // A gradient for each copy of a channel, then their sum.
      const copies = outputOrNothing(backend, [...info.inShape.slice(0, 3), info.outChannels], run);
      if (copies === undefined) return undefined;
      const out = outputOrNothing(backend, info.inShape, (y) => {
        backend.runtime.wasm.sumGroups(backend.address(copies), y, util.sizeFromShape(info.inShape), group);
        return true;
      });
      backend.disposeIntermediateTensorInfo(copies);
      return out;
    },
  },
  {
    name: 'DepthwiseConv2dNativeBackpropFilter',
    run: ({ inputs, attrs, backend }) => {
      const [x, dy] = [inputs['x'] as TensorInfo, inputs['dy'] as TensorInfo];
      if (!allFloat32(x, dy)) return undefined;
      const info = depthwiseInfo(x.shape, attrs['filterShape'] as number[], attrs, dy);
      if (info === undefined) return undefined;
      const [input, gradient] = [backend.address(x), backend.address(dy)];
      return outputOrNothing(backend, [...info.filterShape], (y) => {
        if (util.sizeFromShape(dy.shape) === 0) {
          backend.runtime.wasm.fillBytes(y, 0, util.sizeFromShape(info.filterShape) * 4);
          return true;
        }
        return runFilterGradient(backend, { ...geometryOf(info, true), x: input, filter: gradient, y });
      });
    },
  },
];

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
  call: KernelCall,
  finishFor: (shape: readonly number[]) => Finish | undefined,
): TensorInfo | undefined {
  const { inputs, attrs, backend } = call;
  const [x, filter] = [inputs['x'] as TensorInfo, inputs['filter'] as TensorInfo];
  if (!allFloat32(x, filter)) return undefined;
  const info = depthwiseInfo(x.shape, filter.shape, attrs);
  if (info === undefined) return undefined;
  const finish = finishFor(info.outShape);
  if (finish === undefined) return undefined;
  const [input, weights] = [backend.address(x), backend.address(filter)];
  const out = outputOrNothing(backend, info.outShape, (y) =>
    runConvolution(backend, {
      ...geometryOf(info, true),
      x: input,
      filter: weights,
      y,
      bias: finish.bias,
      relu: finish.relu,
    }),
  );
  if (out !== undefined) finish.activate(out);
  return out;
}
