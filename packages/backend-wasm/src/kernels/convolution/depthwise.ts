import { depthwiseKernels as kernelsOf } from '@gradstream/backend-kernels';
import { util } from '@tensorflow/tfjs-core';
import type { WasmSimdBackend } from '../../wasm-simd-backend.js';
import { filled } from '../elementwise/convert.js';
import type { Kernel } from '../kernel.js';
import { finishOf, NO_FINISH, type Finish } from './finish.js';
import { runInputGradient } from './input-gradient.js';
import { geometryOf, runConvolution, runFilterGradient } from './run-convolution.js';

/** Convolutions of each channel by itself, with their gradients. */
export const depthwiseKernels: readonly Kernel[] = kernelsOf<WasmSimdBackend, Finish>({
  filled,
  noFinish: NO_FINISH,
  finishOf,
  forward(backend, info, x, filter, y, { bias, relu }) {
    const at = { x: backend.address(x), filter: backend.address(filter), y: backend.address(y) };
    return runConvolution(backend, { ...geometryOf(info, true), ...at, bias, relu });
  },
  inputGradient(backend, info, dy, filter, dx) {
    const from = { x: backend.address(dy), filter: backend.address(filter) };
    const group = info.outChannels / info.inChannels;
    const run = (y: number): boolean =>
      runInputGradient(backend, { ...geometryOf(info, true), ...from, y }, info.outChannels);
    if (group === 1) return run(backend.address(dx));
    // A gradient for each copy of a channel, then their sum.
    const copies = backend.output([...info.inShape.slice(0, 3), info.outChannels], 'float32');
    const at = backend.address(copies);
    const isDone = run(at);
    if (isDone) backend.runtime.wasm.sumGroups(at, backend.address(dx), util.sizeFromShape(info.inShape), group);
    backend.disposeIntermediateTensorInfo(copies);
    return isDone;
  },
  filterGradient(backend, info, x, dy, dfilter) {
    const at = { x: backend.address(x), filter: backend.address(dy), y: backend.address(dfilter) };
    return runFilterGradient(backend, { ...geometryOf(info, true), ...at });
  },
});
