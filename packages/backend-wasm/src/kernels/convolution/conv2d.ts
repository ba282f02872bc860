import { uncovered } from '@gradstream/backend-kernels';
import { backend_util, util } from '@tensorflow/tfjs-core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { WasmSimdBackend } from '../../wasm-simd-backend.js';
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

/**
 * Convolutions in two dimensions with their gradients: [batch, height, width, channels], any stride, padding and dilation.
 *
 * Filters of 3 x 3 with 16 or more channels on both sides are computed by minimal filtering (Winograd), in patches of 4 x 4 cells: rounding errors are a little
 * larger than those of plain sums, and an infinity or a NaN may reach all 2 x 2 results of its patch.
 */
export const conv2dKernels: readonly Kernel[] = [
  { name: 'Conv2D', run: (call) => convolve(call, () => PLAIN) },
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
      const shape = attrs['inputShape'] as number[];
      const info = convolutionInfo(call, 'Conv2DBackpropInput', shape, filter.shape, dy);
      if (info === undefined) return undefined;
      const [x, weights] = [backend.address(dy), backend.address(filter)];
      return outputOrNothing(backend, info.inShape, (y) => {
        if (isPointwise(info)) {
          return product(backend, x, weights, y, {
            m: pixelsOf(info),
            n: info.inChannels,
            k: info.outChannels,
            transposed: true,
            finish: PLAIN,
          });
        }
        return runInputGradient(backend, { ...geometryOf(info, false), x, filter: weights, y }, info.inChannels);
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
      const [input, gradient] = [backend.address(x), backend.address(dy)];
      return outputOrNothing(backend, [...info.filterShape], (y) => {
        if (util.sizeFromShape(dy.shape) === 0) {
          backend.runtime.wasm.fillBytes(y, 0, util.sizeFromShape(info.filterShape) * 4);
          return true;
        }
        return runFilterGradient(backend, { ...geometryOf(info, false), x: input, filter: gradient, y });
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
  if (filterShape[2] !== inShape[3]) throw uncovered('backend-wasm', name, inputs, attrs);
  if (dy !== undefined && !backend_util.eitherStridesOrDilationsAreOne(strides, dilations))
    throw uncovered('backend-wasm', name, inputs, attrs);
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
  finishFor: (shape: readonly number[]) => Finish | undefined,
): TensorInfo | undefined {
  const { inputs, backend } = call;
  const [x, filter] = [inputs['x'] as TensorInfo, inputs['filter'] as TensorInfo];
  if (!allFloat32(x, filter)) return undefined;
  const info = convolutionInfo(call, 'Conv2D', x.shape, filter.shape);
  if (info === undefined) return undefined;
  const finish = finishFor(info.outShape);
  if (finish === undefined) return undefined;
  const [input, weights] = [backend.address(x), backend.address(filter)];
  const out = outputOrNothing(backend, info.outShape, (y) => {
    if (isPointwise(info)) {
      const sizes = { m: pixelsOf(info), n: info.outChannels, k: info.inChannels, transposed: false, finish };
      return product(backend, input, weights, y, sizes);
    }
    const { bias, relu } = finish;
    return runConvolution(backend, { ...geometryOf(info, false), x: input, filter: weights, y, bias, relu });
  });
  if (out !== undefined) finish.activate(out);
  return out;
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

const pixelsOf = (info: backend_util.Conv2DInfo): number => info.batchSize * info.inHeight * info.inWidth;

interface Product {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly transposed: boolean;
  readonly finish: Finish;
}

function product(backend: WasmSimdBackend, a: number, b: number, c: number, sizes: Product): true {
  const { m, n, k, transposed, finish } = sizes;
  const { wasm } = backend.runtime;
  const scratch = backend.scratch(wasm.gemmScratch(1, m, n, k, Number(transposed)) >>> 0);
  wasm.gemm(a, b, c, 1, 0, 0, m, n, k, 0, Number(transposed), finish.bias, Number(finish.relu), scratch);
  return true;
}
