import type { WasmSimdBackend } from '../../wasm-simd-backend.js';
import { runConvolution } from './run-convolution.js';
import type { Geometry } from './run-convolution.js';

/**
 * The gradient of a convolution's input, `y`, from that of its output, `x`; the geometry is the forward one, with those addresses.
 *
 * With stride 1 it is one convolution with the filter read backwards. With stride s, the pixels of each of the s x s remainders see a part of the filter of
 * their own: one convolution each, and no multiplication with zeros. Dilations and strides do not come together. False where a part did not run.
 */
export function runInputGradient(backend: WasmSimdBackend, forward: Geometry, inChannels: number): boolean {
  const { strideHeight, strideWidth } = forward;
  const yPixel = inChannels * 4;
  for (let row = 0; row < Math.min(strideHeight, forward.height); row++) {
    const rows = taps(forward.kernelHeight, strideHeight, forward.dilationHeight, forward.padTop, row);
    for (let column = 0; column < Math.min(strideWidth, forward.width); column++) {
      const columns = taps(forward.kernelWidth, strideWidth, forward.dilationWidth, forward.padLeft, column);
      const done = runConvolution(backend, {
        ...forward,
        y: forward.y + (row * forward.width + column) * yPixel,
        height: forward.outHeight,
        width: forward.outWidth,
        channels: forward.outChannels,
        multiplier: 1,
        outHeight: Math.ceil((forward.height - row) / strideHeight),
        outWidth: Math.ceil((forward.width - column) / strideWidth),
        outChannels: inChannels,
        kernelHeight: rows.count,
        kernelWidth: columns.count,
        strideHeight: 1,
        strideWidth: 1,
        padTop: rows.pad,
        padLeft: columns.pad,
        yPixel: yPixel * strideWidth,
        yRow: yPixel * strideHeight * forward.width,
        yImage: yPixel * forward.height * forward.width,
        tapRow: rows.first,
        tapRowStep: -strideHeight,
        tapColumn: columns.first,
        tapColumnStep: -strideWidth,
        transposed: !forward.depthwise,
      });
      if (!done) return false;
    }
  }
  return true;
}

/** Along one axis: the taps that pixels remainder, remainder + stride, ... see, last one first, and the padding of their convolution. */
function taps(
  size: number,
  stride: number,
  dilation: number,
  pad: number,
  remainder: number,
): { count: number; first: number; pad: number } {
  const begin = (remainder + pad) % stride;
  const count = Math.max(0, Math.ceil((size - begin) / stride));
  const reach = Math.max(0, count - 1) * dilation;
  return { count, first: begin + (count - 1) * stride, pad: reach - (remainder + pad - begin) / stride };
}
