import type { Kernel } from '../kernel.js';
import { normalizationSizes, outputsOf, withParameters } from './normalization-parameters.js';
import { input, isFloat, isFloats } from './operands.js';

/** tfjs's own default. */
const EPSILON = 0.001;

/**
 * Batch normalization, float32: x [..., channels], each channel by one mean and one variance.
 *
 * `FusedBatchNorm`, tfjs's: inputs `x`, `mean`, `variance`, `scale`, `offset`; attribute `varianceEpsilon`. For training: `GradstreamBatchNorm`: inputs `x`,
 * `gamma` [channels] (1 where left out), `beta` [channels] (0); attribute `epsilon`. Outputs: y; the mean [channels] and the variance [channels] of x,
 * divided by the number of rows, as running statistics take them. `GradstreamBatchNormGradient`: inputs `dy`, `x`, `mean` and `variance` as they came out,
 * `gamma`; attribute `epsilon`. Outputs: the gradients by x, by gamma [channels] and by beta [channels].
 */
export const batchNormKernels: readonly Kernel[] = [
  {
    name: 'FusedBatchNorm',
    run: (call) => {
      const [x, mean, variance] = ['x', 'mean', 'variance'].map((name) => input(call, name));
      const sizes = normalizationSizes(call, x, ['mean', 'variance', 'scale', 'offset']);
      if (sizes === undefined || mean === undefined || variance === undefined) return undefined;
      const { rows, n } = sizes;
      const epsilon = (call.attrs['varianceEpsilon'] as number | undefined) ?? EPSILON;
      return withParameters(call, ['scale', 'offset'], n, (scale, offset) => {
        const { backend } = call;
        const { wasm } = backend.runtime;
        const y = backend.output(x!.shape, 'float32');
        const [at, meanAt, varianceAt, to] = [x!, mean, variance, y].map((tensor) => backend.address(tensor));
        const scratch = backend.scratch(wasm.batchNormScratch(rows, n) >>> 0);
        wasm.fusedBatchNorm(at!, meanAt!, varianceAt!, scale, offset, to!, rows, n, epsilon, scratch);
        return y;
      });
    },
  },
  {
    name: 'GradstreamBatchNorm',
    run: (call) => {
      const x = input(call, 'x');
      const sizes = normalizationSizes(call, x, ['gamma', 'beta']);
      const epsilon = call.attrs['epsilon'];
      if (sizes === undefined || typeof epsilon !== 'number') return undefined;
      const { rows, n } = sizes;
      return withParameters(call, ['gamma', 'beta'], n, (gamma, beta) => {
        const { outputs, at } = outputsOf(call, x!.shape, [n], [n]);
        const { backend } = call;
        const { wasm } = backend.runtime;
        const from = backend.address(x!);
        const scratch = backend.scratch(wasm.batchNormScratch(rows, n) >>> 0);
        wasm.batchNorm(from, gamma, beta, ...at, rows, n, epsilon, scratch);
        return outputs;
      });
    },
  },
  {
    name: 'GradstreamBatchNormGradient',
    run: (call) => {
      const [dy, x, mean, variance] = ['dy', 'x', 'mean', 'variance'].map((name) => input(call, name));
      const sizes = normalizationSizes(call, x, ['gamma']);
      const epsilon = call.attrs['epsilon'];
      if (sizes === undefined || typeof epsilon !== 'number') return undefined;
      const { rows, n } = sizes;
      if (!isFloat(dy, x!.shape) || mean === undefined || variance === undefined) return undefined;
      if (!isFloats(mean, n) || !isFloats(variance, n)) return undefined;
      return withParameters(call, ['gamma', 'beta'], n, (gamma) => {
        const { outputs, at } = outputsOf(call, x!.shape, [n], [n]);
        const { backend } = call;
        const { wasm } = backend.runtime;
        const from = [dy, x!, mean, variance].map((tensor) => backend.address(tensor)) as [
          number,
          number,
          number,
          number,
        ];
        const scratch = backend.scratch(wasm.batchNormScratch(rows, n) >>> 0);
        wasm.batchNormGradient(...from, gamma, ...at, rows, n, epsilon, scratch);
        return outputs;
      });
    },
  },
];
