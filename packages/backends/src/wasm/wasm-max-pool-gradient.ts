import { backend_util, util, type KernelFunc, type TensorInfo } from '@tensorflow/tfjs-core';
import type { WasmBackend } from './wasm-heap.js';

/**
 * The gradient of a maximum over windows: each element of `dy` goes to the first largest element of its window. Stock loses those of windows that have
 * negative elements alone, unless the largest comes first.
 */
export function wasmMaxPoolGradient(_stock: KernelFunc): KernelFunc {
  return ({ inputs, backend: given, attrs }) => {
    const backend = given as WasmBackend;
    const [dy, x] = [inputs['dy'] as TensorInfo, inputs['input'] as TensorInfo];
    const { filterSize, strides, pad, dimRoundingMode } = attrs as unknown as {
      filterSize: [number, number];
      strides: [number, number];
      pad: 'same';
      dimRoundingMode?: 'floor';
    };
    const shape = x.shape as [number, number, number, number];
    const info = backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode);
    const out = backend.makeOutput(x.shape, 'float32');
    const dx = backend.typedArrayFromHeap(out);
    dx.fill(0);
    if (util.sizeFromShape(dy.shape) > 0)
      addToLargest(info, backend.typedArrayFromHeap(x), backend.typedArrayFromHeap(dy), dx);
    return out;
  };
}

type Numbers = Float32Array | Int32Array | Uint8Array;

function addToLargest(info: backend_util.Conv2DInfo, x: Numbers, dy: Numbers, dx: Numbers): void {
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, padInfo } = info;
  let from = 0;
  for (let image = 0; image < batchSize; image++) {
    for (let row = 0; row < outHeight; row++) {
      const top = row * info.strideHeight - padInfo.top;
      const bottom = Math.min(top + info.filterHeight, inHeight);
      for (let column = 0; column < outWidth; column++) {
        const left = column * info.strideWidth - padInfo.left;
        const right = Math.min(left + info.filterWidth, inWidth);
        const start = ((image * inHeight + Math.max(top, 0)) * inWidth + Math.max(left, 0)) * inChannels;
        for (let channel = 0; channel < inChannels; channel++) {
          let best = start + channel;
          for (let y = Math.max(top, 0); y < bottom; y++) {
            let place = ((image * inHeight + y) * inWidth + Math.max(left, 0)) * inChannels + channel;
            for (let z = Math.max(left, 0); z < right; z++, place += inChannels) if (x[place]! > x[best]!) best = place;
          }
          dx[best]! += dy[from++]!;
        }
      }
    }
  }
}
