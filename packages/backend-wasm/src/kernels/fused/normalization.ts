import { normalizationKernels as kernelsOf } from '@gradstream/backend-kernels';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { WasmSimdBackend } from '../../wasm-simd-backend.js';
import type { Kernel } from '../kernel.js';
import { outputsOf, withParameters } from './normalization-parameters.js';

type Addresses = [number, number, number, number];

const addresses = (backend: WasmSimdBackend, tensors: readonly TensorInfo[]): Addresses =>
  tensors.map((tensor) => backend.address(tensor)) as Addresses;

/** Layer normalization in one pass, and batch normalization. */
export const normalizationKernels: readonly Kernel[] = kernelsOf<WasmSimdBackend>({
  layerNorm(call, x, { rows, n }, epsilon) {
    return withParameters(call, ['gamma', 'beta'], n, (gamma, beta) => {
      const { outputs, at } = outputsOf(call, x.shape, [rows], [rows]);
      call.backend.runtime.wasm.layerNorm(call.backend.address(x), gamma, beta, ...at, rows, n, epsilon);
      return outputs;
    });
  },
  layerNormGradient(call, tensors, { rows, n }) {
    return withParameters(call, ['gamma', 'beta'], n, (gamma) => {
      const { outputs, at } = outputsOf(call, tensors[1].shape, [n], [n]);
      const { backend } = call;
      const from = addresses(backend, tensors);
      // At most 64 units: what they sum apart is added up afterwards.
      const perUnit = Math.max(8, Math.ceil(rows / 64));
      const scratch = backend.scratch(Math.ceil(rows / perUnit) * 8 * (n + 3));
      backend.runtime.wasm.layerNormGradient(...from, gamma, ...at, rows, n, perUnit, scratch);
      return outputs;
    });
  },
  fusedBatchNorm(call, [x, mean, variance], { rows, n }, epsilon) {
    return withParameters(call, ['scale', 'offset'], n, (scale, offset) => {
      const { backend } = call;
      const { wasm } = backend.runtime;
      const y = backend.output(x.shape, 'float32');
      const [at, meanAt, varianceAt, to] = addresses(backend, [x, mean, variance, y]);
      const scratch = backend.scratch(wasm.batchNormScratch(rows, n) >>> 0);
      wasm.fusedBatchNorm(at, meanAt, varianceAt, scale, offset, to, rows, n, epsilon, scratch);
      return y;
    });
  },
  batchNorm(call, x, { rows, n }, epsilon, moving) {
    return withParameters(call, ['gamma', 'beta'], n, (gamma, beta) => {
      const { outputs, at } = outputsOf(call, x.shape, [n], [n]);
      const { backend } = call;
      const { wasm } = backend.runtime;
      const from = backend.address(x);
      const scratch = backend.scratch(wasm.batchNormScratch(rows, n) >>> 0);
      wasm.batchNorm(from, gamma, beta, ...at, rows, n, epsilon, scratch);
      if (moving === undefined) return outputs;
      const after = [moving.mean, moving.variance].map((before, index) => {
        const output = backend.output([n], 'float32');
        const [old, to] = [backend.address(before), backend.address(output)];
        wasm.moveStatistics(old, at[index + 1]!, to, n, moving.momentum, 1 - moving.momentum);
        return output;
      });
      return [...outputs, ...after];
    });
  },
  batchNormGradient(call, tensors, { rows, n }, epsilon) {
    return withParameters(call, ['gamma', 'beta'], n, (gamma) => {
      const { outputs, at } = outputsOf(call, tensors[1].shape, [n], [n]);
      const { backend } = call;
      const { wasm } = backend.runtime;
      const from = addresses(backend, tensors);
      const scratch = backend.scratch(wasm.batchNormScratch(rows, n) >>> 0);
      wasm.batchNormGradient(...from, gamma, ...at, rows, n, epsilon, scratch);
      return outputs;
    });
  },
});
