import type { backend_util } from '@tensorflow/tfjs-core';
import type { WasmSimdBackend } from '../../wasm-simd-backend.js';

/** The most scratch space a convolution takes, in bytes. */
const SCRATCH_LIMIT = 64 * 1024 * 1024;
/** The place of the scratch address in the geometry. */
const SCRATCH_WORD = 6;

/** A convolution as the kernels in WebAssembly take it; addresses and strides in bytes. See assembly/convolution/geometry.ts, same order. */
export interface Geometry {
  readonly depthwise: boolean;
  readonly x: number;
  readonly filter: number;
  readonly y: number;
  readonly bias: number;
  readonly relu: boolean;
  readonly batch: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly multiplier: number;
  readonly outHeight: number;
  readonly outWidth: number;
  readonly outChannels: number;
  readonly kernelHeight: number;
  readonly kernelWidth: number;
  readonly strideHeight: number;
  readonly strideWidth: number;
  readonly dilationHeight: number;
  readonly dilationWidth: number;
  readonly padTop: number;
  readonly padLeft: number;
  readonly yPixel: number;
  readonly yRow: number;
  readonly yImage: number;
  readonly filterWidth: number;
  readonly tapRow: number;
  readonly tapRowStep: number;
  readonly tapColumn: number;
  readonly tapColumnStep: number;
  readonly transposed: boolean;
}

/** The forward geometry of what tfjs-core computed for a convolution; gradients change parts of it. */
export function geometryOf(info: backend_util.Conv2DInfo, depthwise: boolean): Geometry {
  const yPixel = info.outChannels * 4;
  return {
    depthwise,
    x: 0,
    filter: 0,
    y: 0,
    bias: 0,
    relu: false,
    batch: info.batchSize,
    height: info.inHeight,
    width: info.inWidth,
    channels: depthwise ? info.outChannels : info.inChannels,
    multiplier: depthwise && info.inChannels > 0 ? info.outChannels / info.inChannels : 1,
    outHeight: info.outHeight,
    outWidth: info.outWidth,
    outChannels: info.outChannels,
    kernelHeight: info.filterHeight,
    kernelWidth: info.filterWidth,
    strideHeight: info.strideHeight,
    strideWidth: info.strideWidth,
    dilationHeight: info.dilationHeight,
    dilationWidth: info.dilationWidth,
    padTop: info.padInfo.top,
    padLeft: info.padInfo.left,
    yPixel,
    yRow: info.outWidth * yPixel,
    yImage: info.outHeight * info.outWidth * yPixel,
    filterWidth: info.filterWidth,
    tapRow: 0,
    tapRowStep: 1,
    tapColumn: 0,
    tapColumnStep: 1,
    transposed: false,
  };
}

/** y = convolution of x with the filter. False where it would take too much scratch space; nothing is written then. */
export function runConvolution(backend: WasmSimdBackend, geometry: Geometry): boolean {
  const { wasm } = backend.runtime;
  return run(backend, geometry, wasm.planConvolution, wasm.convolution);
}

/** y = the gradient of the filter, where `filter` is the gradient of the output. False as for `runConvolution`. */
export function runFilterGradient(backend: WasmSimdBackend, geometry: Geometry): boolean {
  const { wasm } = backend.runtime;
  return run(backend, geometry, wasm.planFilterGradient, wasm.filterGradient);
}

function run(backend: WasmSimdBackend, geometry: Geometry, plan: () => number, start: () => void): boolean {
  const { runtime } = backend;
  const at = runtime.wasm.convolutionGeometry();
  const g = geometry;
  runtime.write(at, [
    Number(g.depthwise),
    g.x,
    g.filter,
    g.y,
    g.bias,
    Number(g.relu),
    0,
    g.batch,
    g.height,
    g.width,
    g.channels,
    g.multiplier,
    g.outHeight,
    g.outWidth,
    g.outChannels,
    g.kernelHeight,
    g.kernelWidth,
    g.strideHeight,
    g.strideWidth,
    g.dilationHeight,
    g.dilationWidth,
    g.padTop,
    g.padLeft,
    g.yPixel,
    g.yRow,
    g.yImage,
    g.filterWidth,
    g.tapRow,
    g.tapRowStep,
    g.tapColumn,
    g.tapColumnStep,
    Number(g.transposed),
  ]);
  const bytes = plan() >>> 0;
  if (bytes > SCRATCH_LIMIT) return false;
  const scratch = backend.scratch(bytes);
  runtime.write(at + SCRATCH_WORD * 4, [scratch]);
  start();
  return true;
}
