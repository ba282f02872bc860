import type { Kernel } from '../kernel.js';
import { normalizationSizes, outputsOf, withParameters } from './normalization-parameters.js';
import { input, isFloat, isFloats } from './operands.js';

/**
 * Layer normalization in one pass, float32: x [..., n], each row by its own mean and variance.
 *
 * `GradstreamLayerNorm`: inputs `x`, `gamma` [n] (1 where left out), `beta` [n] (0); attribute `epsilon`. Outputs: y; the means [rows]; the inverses of the
 * deviations, `1 / sqrt(variance + epsilon)`, [rows]. `GradstreamLayerNormGradient`: inputs `dy`, `x`, `mean` and `inverse` as they came out, `gamma`.
 * Outputs: the gradients by x, by gamma [n] and by beta [n].
 */
export const layerNormKernels: readonly Kernel[] = [
  {
    name: 'GradstreamLayerNorm',
    run: (call) => {
      const x = input(call, 'x');
      const sizes = normalizationSizes(call, x, ['gamma', 'beta']);
      const epsilon = call.attrs['epsilon'];
      if (sizes === undefined || typeof epsilon !== 'number') return undefined;
      const { rows, n } = sizes;
      return withParameters(call, ['gamma', 'beta'], n, (gamma, beta) => {
        const { outputs, at } = outputsOf(call, x!.shape, [rows], [rows]);
        call.backend.runtime.wasm.layerNorm(call.backend.address(x!), gamma, beta, ...at, rows, n, epsilon);
        return outputs;
      });
    },
  },
  {
    name: 'GradstreamLayerNormGradient',
    run: (call) => {
      const [dy, x, mean, inverse] = ['dy', 'x', 'mean', 'inverse'].map((name) => input(call, name));
      const sizes = normalizationSizes(call, x, ['gamma']);
      if (sizes === undefined || !isFloat(dy, x!.shape) || mean === undefined || inverse === undefined)
        return undefined;
      const { rows, n } = sizes;
      if (!isFloats(mean, rows) || !isFloats(inverse, rows)) return undefined;
      return withParameters(call, ['gamma', 'beta'], n, (gamma) => {
        const { outputs, at } = outputsOf(call, x!.shape, [n], [n]);
        const { backend } = call;
        const from = [dy, x!, mean, inverse].map((tensor) => backend.address(tensor)) as [
          number,
          number,
          number,
          number,
        ];
        // At most 64 units: what they sum apart is added up afterwards.
        const perUnit = Math.max(8, Math.ceil(rows / 64));
        const scratch = backend.scratch(Math.ceil(rows / perUnit) * 8 * (n + 3));
        backend.runtime.wasm.layerNormGradient(...from, gamma, ...at, rows, n, perUnit, scratch);
        return outputs;
      });
    },
  },
];
