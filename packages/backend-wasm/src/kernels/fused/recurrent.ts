import { backwardSizes, forwardSizes, givesSequences, input } from '@gradstream/backend-kernels';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { WasmSimdBackend } from '../../wasm-simd-backend.js';
import type { Kernel, KernelCall } from '../kernel.js';

/**
 * Recurrent layers over whole sequences in one call, float32: forward, and back to the gates. A part of the batch goes through all steps on one thread.
 *
 * `GradstreamLstm`: inputs `x` [batch, steps, features], `kernel` [features, 4 units], `recurrentKernel` [units, 4 units], `bias` [4 units] or none, `h` and `c` [batch, units],
 * `mask` bool [batch, steps] or none; gates in the order i, f, g, o. Attribute `sequences`: all states or the last one. Outputs: h [batch, steps, units] or [batch, units]; the last
 * c; then for the gradient, each [batch, steps, ...], the gates after their activations, h and c before each step, tanh(c) after it. Of a masked step these are not set.
 * `GradstreamLstmGradient`: inputs `dh`, `dc`, `gates`, `cells` (c before), `squashed` (tanh c), `x`, `before`, `recurrentKernel`, `mask`; attribute `sequences`. Outputs: the
 * gradients by the gates before their activations [batch, steps, 4 units], by h, by c, by kernel, by recurrentKernel and by bias.
 *
 * `GradstreamGru`: likewise with 3 gates in the order z, r, candidate, and `bias` [2, 3 units]. Outputs: h; the gates [batch, steps, 3 units], the state's part of the candidate and
 * h before each step. `GradstreamGruGradient`: inputs `dh`, `gates`, `inner`, `x`, `before`, `recurrentKernel`, `mask`. Outputs: the gradients by the input's and by the state's
 * parts of the gates [batch, steps, 3 units], by h, by kernel, by recurrentKernel and by bias.
 */
export const recurrentKernels: readonly Kernel[] = [
  {
    name: 'GradstreamLstm',
    run: (call) => {
      const sizes = forwardSizes(call, 4, ['h', 'c']);
      if (sizes === undefined) return undefined;
      const { batch, steps, features, units } = sizes;
      const { backend } = call;
      const { wasm } = backend.runtime;
      const from = addresses(call, ['x', 'kernel', 'recurrentKernel', 'bias', 'h', 'c', 'mask']);
      const outputs = made(backend, [
        givesSequences(call) ? [batch, steps, units] : [batch, units],
        [batch, units],
        [batch, steps, 4 * units],
        ...Array.from({ length: 3 }, () => [batch, steps, units]),
      ]);
      const to = outputs.map((output) => backend.address(output));
      const scratch = backend.scratch(wasm.lstmScratch(batch, features, units) >>> 0);
      const all = [...from, ...to, batch, steps, features, units, Number(givesSequences(call)), scratch];
      wasm.lstm(...(all as Parameters<typeof wasm.lstm>));
      return outputs;
    },
  },
  {
    name: 'GradstreamLstmGradient',
    run: (call) => {
      const sizes = backwardSizes(call, 4, ['cells', 'squashed', 'before']);
      if (sizes === undefined) return undefined;
      const { batch, steps, features, units } = sizes;
      const { backend } = call;
      const { wasm } = backend.runtime;
      const from = addresses(call, [
        ...['dh', 'dc', 'gates', 'cells', 'squashed', 'x', 'before'],
        ...['recurrentKernel', 'mask'],
      ]);
      const outputs = made(backend, [
        [batch, steps, 4 * units],
        [batch, units],
        [batch, units],
        [features, 4 * units],
        [units, 4 * units],
        [4 * units],
      ]);
      const to = outputs.map((output) => backend.address(output));
      const scratch = backend.scratch(wasm.lstmGradientScratch(batch, steps, features, units) >>> 0);
      const all = [...from, ...to, batch, steps, features, units, Number(givesSequences(call)), scratch];
      wasm.lstmGradient(...(all as Parameters<typeof wasm.lstmGradient>));
      return outputs;
    },
  },
  {
    name: 'GradstreamGru',
    run: (call) => {
      const sizes = forwardSizes(call, 3, ['h']);
      if (sizes === undefined) return undefined;
      const { batch, steps, features, units } = sizes;
      const { backend } = call;
      const { wasm } = backend.runtime;
      const from = addresses(call, ['x', 'kernel', 'recurrentKernel', 'bias', 'h', 'mask']);
      const outputs = made(backend, [
        givesSequences(call) ? [batch, steps, units] : [batch, units],
        [batch, steps, 3 * units],
        [batch, steps, units],
        [batch, steps, units],
      ]);
      const to = outputs.map((output) => backend.address(output));
      const scratch = backend.scratch(wasm.gruScratch(batch, features, units) >>> 0);
      const all = [...from, ...to, batch, steps, features, units, Number(givesSequences(call)), scratch];
      wasm.gru(...(all as Parameters<typeof wasm.gru>));
      return outputs;
    },
  },
  {
    name: 'GradstreamGruGradient',
    run: (call) => {
      const sizes = backwardSizes(call, 3, ['inner', 'before']);
      if (sizes === undefined) return undefined;
      const { batch, steps, features, units } = sizes;
      const { backend } = call;
      const { wasm } = backend.runtime;
      const from = addresses(call, ['dh', 'gates', 'inner', 'x', 'before', 'recurrentKernel', 'mask']);
      const outputs = made(backend, [
        [batch, steps, 3 * units],
        [batch, steps, 3 * units],
        [batch, units],
        [features, 3 * units],
        [units, 3 * units],
        [2, 3 * units],
      ]);
      const to = outputs.map((output) => backend.address(output));
      const scratch = backend.scratch(wasm.gruGradientScratch(batch, steps, features, units) >>> 0);
      const all = [...from, ...to, batch, steps, features, units, Number(givesSequences(call)), scratch];
      wasm.gruGradient(...(all as Parameters<typeof wasm.gruGradient>));
      return outputs;
    },
  },
];

const made = (backend: WasmSimdBackend, shapes: readonly number[][]): TensorInfo[] =>
  shapes.map((shape) => backend.output(shape, 'float32'));

/** Where the inputs are; 0 for what was not given. */
function addresses(call: KernelCall, names: readonly string[]): number[] {
  return names.map((name) => {
    const given = input(call, name);
    return given === undefined ? 0 : call.backend.address(given);
  });
}
